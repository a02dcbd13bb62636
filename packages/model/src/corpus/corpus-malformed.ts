import { AppError } from "@espalier/contracts";

/** Refuses a corpus: says which, and what is wrong with it. */
export function corpusMalformed(label: string, problem: string, cause?: unknown): AppError {
  return new AppError("CORPUS_MALFORMED", `Corpus '${label}' ${problem}.`, cause === undefined ? {} : { cause });
}
