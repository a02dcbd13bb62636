import { AppError } from "@espalier/contracts";
import type { Arbitrary } from "fast-check";

/** A parser of foreign input, with inputs to try on it. */
export interface FuzzTarget {
  /** Also the name of its folder in the corpus. */
  readonly name: string;
  /** Valid inputs, changed, and what else might break it. */
  readonly inputs: Arbitrary<Uint8Array>;
  /** Parses one input. Throws when the parser does what it must not: refusals are fine, see `accepted`. */
  check(input: Uint8Array): void | Promise<void>;
}

/** No message repeats more of a hostile input than a reader can read. */
const MAX_MESSAGE = 1000;

/** The property does not hold. */
class Broken extends Error {
  override readonly name = "Broken";
}

/** Throws `Broken` unless the claim holds. */
export function must(claim: boolean, otherwise: string): asserts claim {
  if (!claim) throw new Broken(otherwise);
}

/** A message for people: not empty, short, and without control characters, which move cursors. */
export function mustBeReadable(message: string): void {
  must(message.length > 0 && message.length <= MAX_MESSAGE, `a message of ${message.length} characters`);
  must(!/(?!\n)\p{Cc}/u.test(message), `control characters in the message ${JSON.stringify(message)}`);
}

/** What the parser made of an input; undefined where it refused it with a typed, readable error. Throws `Broken` else. */
export async function accepted<T>(parse: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await parse();
  } catch (error) {
    if (!(error instanceof AppError)) throw new Broken(`threw ${String(error)}`, { cause: error });
    mustBeReadable(error.message);
    return undefined;
  } finally {
    must(Object.keys(Object.prototype).length === 0, "Object.prototype was written to");
  }
}
