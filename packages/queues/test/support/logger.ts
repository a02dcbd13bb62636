import type { QueueLogger } from "@espalier/queues";

export interface Entry {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Keeps what was logged. */
export function recordingLogger(): QueueLogger & { readonly entries: Entry[] } {
  const entries: Entry[] = [];
  const at = (level: string) => (fields: Entry["fields"], message: string) => {
    entries.push({ level, fields, message });
  };
  return { entries, info: at("info"), warn: at("warn"), error: at("error") };
}
