import { InvalidArgumentError } from "commander";

/** The largest weight of the job body. */
const MAX_WEIGHT = 1e6;

/** A text of the search's objective as the command line names it. */
export interface WeightedFile {
  readonly file: string;
  /** Its weight among the scoring texts; the service's default where it is left out. */
  readonly weight?: number;
}

/** Parses `FILE` or `FILE:WEIGHT` and appends it to the ones given before. A colon that no number follows is the file's. */
export function weightedFiles(text: string, before: readonly WeightedFile[] = []): readonly WeightedFile[] {
  const [, file, number] = /^(.+):([-+.\d][-+.\deE]*)$/.exec(text) ?? [undefined, text, undefined];
  if (file === undefined || file === "") throw new InvalidArgumentError("A file is needed.");
  if (number === undefined) return [...before, { file }];
  const weight = Number(number);
  if (!(weight > 0 && weight <= MAX_WEIGHT)) {
    throw new InvalidArgumentError(`'${number}' is not a weight above 0 and up to ${MAX_WEIGHT}.`);
  }
  return [...before, { file, weight }];
}
