import { parallelismAdvice } from "@espalier/search";

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Where more trials run at once than the budget is good for: what that costs, and what does not. */
export function parallelismWarning(trials: number, parallelism: number): string | undefined {
  const advice = parallelismAdvice(trials, parallelism);
  if (advice === undefined) return undefined;
  const { workers, kept, worthwhile, keptThen, trialsWanted } = advice;
  const atMost = workers < parallelism ? ` (${workers} run at once)` : "";
  return (
    `Parallelism ${parallelism} for ${trials} trials${atMost}: what runs at once does not know each other's results. ` +
    `Of the gain of one worker such a search keeps about ${percent(kept)}; with --parallelism ${worthwhile} it keeps ` +
    `${percent(keptThen)}, and so it does with ${parallelism} at ${trialsWanted} trials (docs/parallelism.md).`
  );
}

/** Says so on stderr. */
export function warnOfParallelism({ trials, parallelism }: { readonly trials: number; readonly parallelism: number }) {
  const warning = parallelismWarning(trials, parallelism);
  if (warning !== undefined) process.stderr.write(`${warning}\n`);
}
