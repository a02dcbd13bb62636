import { axisStyle } from "./chart-option.js";
import type { Palette } from "./palette.js";
import { roundTicks } from "./ticks.js";

export type Scale = "log" | "linear";

/** Where a perplexity lies on an axis of the scale; `perplexityAt` undoes it. */
export const placeOn = (perplexity: number, scale: Scale): number =>
  scale === "log" ? Math.log(perplexity) : perplexity;

const perplexityAt = (place: number, scale: Scale): number => (scale === "log" ? Math.exp(place) : place);

/** A perplexity as a label: no more digits than a grid of round numbers has. */
const tickText = (perplexity: number): string =>
  perplexity >= 1e6
    ? perplexity.toExponential(0).replace("+", "")
    : Number(perplexity.toPrecision(4)).toLocaleString("en-US");

/** Share of an axis that stays free beyond the outermost value. */
const ROOM = 0.04;

/** A value axis over perplexities, given as places (`placeOn`), with round perplexities as its labels. */
export function perplexityAxis(palette: Palette, places: readonly number[], scale: Scale, lines: number) {
  const low = Math.min(...places);
  const high = Math.max(...places);
  const room = (high - low || Math.abs(high) || 1) * ROOM;
  const [min, max] = [low - room, high + room];
  const customValues = roundTicks(perplexityAt(min, scale), perplexityAt(max, scale), lines, scale)
    .filter((tick) => tick > 0)
    .map((tick) => placeOn(tick, scale));
  const style = axisStyle(palette);
  return {
    type: "value",
    min,
    max,
    ...style,
    axisLine: { ...style.axisLine, onZero: false },
    axisLabel: {
      ...style.axisLabel,
      customValues,
      formatter: (place: number) => tickText(perplexityAt(place, scale)),
    },
    axisTick: { ...style.axisTick, customValues },
    splitLine: { ...style.splitLine, customValues },
  } as const;
}
