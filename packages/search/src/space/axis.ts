import type { NumericDimension } from "./dimension.js";

/** The interval that a numeric dimension's values are drawn and measured on: natural logs for a log dimension. */
export interface AxisRange {
  readonly low: number;
  readonly high: number;
  readonly width: number;
}

/** Range on the axis: widened by half a step on both sides if stepped (each value owns its step), then logs if log. */
export function axisRange({ low, high, step, log }: NumericDimension): AxisRange {
  const half = step === null ? 0 : step / 2;
  const from = log ? Math.log(low - half) : low - half;
  const to = log ? Math.log(high + half) : high + half;
  return { low: from, high: to, width: to - from };
}

/** A value's place on the axis. */
export const toAxis = (value: number, { log }: NumericDimension): number => (log ? Math.log(value) : value);
