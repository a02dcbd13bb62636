import { RACE_STEP, raceOrder } from "@espalier/search";
import { packWindows, type TokenBatch } from "../execution/token-batch.js";

/** One text of the objective, and how many of its windows a run may take. */
export interface PackedSource {
  /** Token ids, all windows of one length. */
  readonly windows: readonly Int32Array[];
  readonly weight: number;
  /** Number of its first window, with the sources joined in order. */
  readonly first: number;
  readonly rows: number;
}

/** Windows that run together. */
export interface PackedWindows {
  readonly sequenceLength: number;
  readonly batch: TokenBatch;
  /** Number of the window in each row, with the sources joined in order. */
  readonly windows: readonly number[];
}

/** Windows in order, each run a step of its own. */
export function packInOrder(sources: readonly PackedSource[]): PackedWindows[][] {
  return sources.flatMap((source) => packed(source, [...source.windows.keys()]).map((run) => [run]));
}

/** Windows in the order of a race; a step leads to the next look, with a run or more for each source that it touches. */
export function packShuffled(sources: readonly PackedSource[], seed: number): PackedWindows[][] {
  const counts = sources.map(({ windows }) => windows.length);
  const order = raceOrder(counts, seed);
  const steps: PackedWindows[][] = [];
  for (let from = 0; from < order.length; from += RACE_STEP) {
    const visited = order.slice(from, from + RACE_STEP);
    steps.push(
      sources.flatMap((source) => {
        const { first, windows } = source;
        const own = visited.filter((window) => window >= first && window < first + windows.length);
        return own.length === 0 ? [] : packed(source, [...own.map((window) => window - first)]);
      }),
    );
  }
  return steps;
}

function packed({ windows, first, rows }: PackedSource, places: readonly number[]): PackedWindows[] {
  const chosen = places.map((place) => windows[place]);
  return packWindows(chosen, rows).map((batch) => ({
    sequenceLength: windows[0].length,
    batch,
    windows: places.slice(batch.start, batch.start + batch.rows).map((place) => first + place),
  }));
}
