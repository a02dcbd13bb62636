import type { Params } from "@espalier/pipeline";

/** Loss of each scoring window, one array per sparsity. */
export type WindowLosses = readonly Float64Array[];

/** Window losses of the trials that this process scored last, by their parameters. */
export interface RecentLosses {
  get(params: Params): WindowLosses | undefined;
  set(params: Params, losses: WindowLosses): void;
}

/** Rivals are the best of their time: they are asked for again and again, and change seldom. */
const KEPT = 32;

/** Keeps the losses used last. */
export function makeRecentLosses(): RecentLosses {
  // A map keeps the order of insertion: the first is the one used longest ago.
  const kept = new Map<string, WindowLosses>();
  const keep = (key: string, losses: WindowLosses): void => {
    kept.delete(key);
    kept.set(key, losses);
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT))) kept.delete(oldest);
  };
  return {
    get(params) {
      const key = keyOf(params);
      const losses = kept.get(key);
      if (losses !== undefined) keep(key, losses);
      return losses;
    },
    set: (params, losses) => keep(keyOf(params), losses),
  };
}

/** The same for equal parameters in any order: the database keeps its own. */
const keyOf = (params: Params): string =>
  JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
