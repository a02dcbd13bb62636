import { AppError } from "@espalier/contracts";

/** Refuses a file: says which, what is wrong with it, and what to do. */
export function malformed(label: string, problem: string, cause?: unknown): AppError {
  return new AppError(
    "MODEL_FILE_MALFORMED",
    `${label}: ${problem}. Download or convert the file again.`,
    cause === undefined ? {} : { cause },
  );
}

/** At most this much of a caller's text is repeated in a message. */
const MAX_QUOTED = 80;

/** A name from a hostile file, safe to put in a message: control characters escaped, length bounded. */
export function quoted(name: string): string {
  const text = JSON.stringify(name.length > MAX_QUOTED ? `${name.slice(0, MAX_QUOTED)}…` : name);
  return `'${text.slice(1, -1)}'`;
}
