import type { Course } from "../search/history/history-data.js";

/** A picture without axes: the best perplexity so far, in a box of 100 × 100 with the first trial left and low values below. */
export interface Sparkline {
  /** Corners of the line, as `points` of an SVG polyline. */
  readonly steps: string;
  /** Height of the best baseline; null without one. */
  readonly baseline: number | null;
}

const SIZE = 100;
/** Room above and below what is drawn. */
const MARGIN = 8;

/** The best so far as steps on a logarithmic scale; null before two trials have one. */
export function sparklineOf({ points, baselines }: Course): Sparkline | null {
  const known = points.flatMap(({ number, best }) => (best === null ? [] : [{ number, log: Math.log(best) }]));
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || first.number === last.number) return null;
  const rival = baselines[0] === undefined ? null : Math.log(baselines[0].perplexity);
  const logs = [...known.map(({ log }) => log), ...(rival === null ? [] : [rival])];
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const x = (number: number): number => (SIZE * (number - first.number)) / (last.number - first.number);
  const y = (log: number): number =>
    high === low ? SIZE / 2 : MARGIN + ((SIZE - 2 * MARGIN) * (high - log)) / (high - low);
  const corners = known.flatMap(({ number, log }, at) => {
    const before = known[at - 1];
    return [...(before === undefined ? [] : [[x(number), y(before.log)]]), [x(number), y(log)]];
  });
  const text = (value: number | undefined): string => (value ?? 0).toFixed(2);
  return {
    steps: corners.map(([left, top]) => `${text(left)},${text(top)}`).join(" "),
    baseline: rival === null ? null : y(rival),
  };
}
