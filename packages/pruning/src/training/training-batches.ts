import { streamRng } from "@espalier/search";

/** Streams of the seed from here on shuffle; those below are taken by other parts of a recovery. */
const FIRST_SHUFFLE = 1;

/**
 * The windows of a step, a pure function of seed and step: the windows go by in an order that is shuffled anew whenever
 * all were seen, `size` at a time (all of them where there are fewer).
 */
export function makeTrainingBatches(windows: readonly Int32Array[], size: number, seed: number) {
  if (windows.length === 0) throw new RangeError("no windows to train on");
  const take = Math.min(size, windows.length);
  let shuffled: { readonly round: number; readonly order: Int32Array } | undefined;
  const orderOf = (round: number): Int32Array => {
    if (shuffled?.round !== round) shuffled = { round, order: shuffle(windows.length, seed, round) };
    return shuffled.order;
  };
  return (step: number): Int32Array[] =>
    Array.from({ length: take }, (_, i) => {
      const position = step * take + i;
      return windows[orderOf(Math.floor(position / windows.length))[position % windows.length]];
    });
}

/** Fisher–Yates. */
function shuffle(count: number, seed: number, round: number): Int32Array {
  const rng = streamRng(seed, FIRST_SHUFFLE + round);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
