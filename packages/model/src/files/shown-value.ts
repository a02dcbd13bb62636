import { readableText } from "@espalier/contracts";

const MAX_SHOWN = 120;

/** A value of a foreign JSON file as a message may show it. */
export function shownValue(value: unknown): string {
  try {
    return readableText(JSON.stringify(value) ?? "nothing", MAX_SHOWN);
  } catch {
    return "nested too deeply to be shown"; // JSON.stringify needs stack for each level, JSON.parse does not
  }
}
