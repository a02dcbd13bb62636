/** When the rate is how high. */
export interface Schedule {
  readonly rate: number;
  readonly warmupSteps: number;
  readonly maxSteps: number;
}

/** Rate of step `step` (0 is the first): grows linearly, then falls along half a cosine to zero behind the last step. */
export function rateAt({ rate, warmupSteps, maxSteps }: Schedule, step: number): number {
  if (step < warmupSteps) return (rate * (step + 1)) / (warmupSteps + 1);
  const share = (step - warmupSteps) / Math.max(1, maxSteps - warmupSteps);
  return (rate * (1 + Math.cos(Math.PI * Math.min(1, share)))) / 2;
}
