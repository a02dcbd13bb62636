import { nextIndex } from "../random/rng.js";
import { streamRng } from "../random/stream.js";

/** Stream of the shuffle, beyond every trial's own. */
const SHUFFLE_STREAM = 0xffffffff;

/**
 * The order in which a job's trials visit scoring windows: shuffled within each source, the sources mixed evenly, so that
 * every beginning of it resembles the whole. Windows are numbered with the sources joined in order.
 */
export function raceOrder(windowsPerSource: readonly number[], seed: number): Int32Array {
  const rng = streamRng(seed, SHUFFLE_STREAM);
  const visits: { readonly window: number; readonly place: number }[] = [];
  let first = 0;
  for (const count of windowsPerSource) {
    const shuffled = Int32Array.from({ length: count }, (_, i) => first + i);
    for (let i = count - 1; i > 0; i--) {
      const j = nextIndex(rng, i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
    }
    shuffled.forEach((window, i) => void visits.push({ window, place: (i + 0.5) / count }));
    first += count;
  }
  // A stable sort: of equal places the earlier source's comes first.
  return Int32Array.from(visits.sort((a, b) => a.place - b.place).map(({ window }) => window));
}
