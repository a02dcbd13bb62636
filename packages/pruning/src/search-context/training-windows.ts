import type { ResolvedSplit } from "@espalier/contracts";
import { type WindowReader, windowHash } from "@espalier/model";

export interface TrainingWindowsRequest {
  readonly reader: WindowReader;
  readonly place: { readonly path: string; readonly sequenceLength: number };
  /** Splits that must not be trained on, with their files. */
  readonly held: readonly { readonly path: string; readonly split: ResolvedSplit }[];
  /** The windows of those splits. */
  readonly others: readonly Int32Array[];
  readonly atMost: number;
}

/** Windows of a file from its beginning, without the token ranges of held splits and windows that are in one of them. */
export async function trainingWindows(request: TrainingWindowsRequest): Promise<readonly Int32Array[]> {
  const { reader, place, held, others, atMost } = request;
  const { path, sequenceLength } = place;
  const ranges = held
    .filter((one) => one.path === path)
    .map(({ split }) => {
      const from = split.skip_windows * split.sequence_length;
      return { from, to: from + split.windows * split.sequence_length };
    });
  const isHeld = (index: number): boolean =>
    ranges.some(({ from, to }) => index * sequenceLength < to && from < (index + 1) * sequenceLength);
  // A range cuts one window at each of its ends, beside those that it covers.
  const passed = ranges.reduce((sum, { from, to }) => sum + Math.ceil((to - from) / sequenceLength) + 1, 0);
  const count = await reader.count(path, sequenceLength, atMost + passed);
  if (count === 0) return [];
  const windows = await reader.cut({ corpusPath: path, sequenceLength, skipWindows: 0, windows: count });
  const known = new Set(others.map(windowHash));
  return windows.filter((window, index) => !isHeld(index) && !known.has(windowHash(window))).slice(0, atMost);
}
