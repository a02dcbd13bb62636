/**
 * What settling a trial costs in a job whose values are kept sorted (more than 5,000 trials) and in one whose are not:
 * trials of 15 parameters, one after another, the two jobs in turn. Milliseconds on the clock, and processor time of
 * Postgres and of this process together, which other programs on the machine disturb less.
 * npm run bench -- service/settle
 */
import { loadavg } from "node:os";
import type { JobId, TrialResult } from "@espalier/contracts";
import { openStore } from "@espalier/store";
import { printResult } from "../result-line.js";
import { ENCRYPTION_KEY, openDatabase } from "./open-database.js";
import { processorTimeBelow } from "./processor-time.js";
import { timesOf } from "./quantiles.js";
import { searchingJob } from "./seed.js";

const TRIALS = 600;
/** Trials of one job before the other has its turn. */
const TURN = 50;

const database = await openDatabase();
const store = openStore({ databaseUrl: database.databaseUrl, encryptionKey: ENCRYPTION_KEY });
const params = (number: number) =>
  Object.fromEntries(Array.from({ length: 15 }, (_, k) => [`p${k}`, ((number + 1) * (k + 7919)) % 1.001]));
const results: readonly TrialResult[] = [0.2, 0.5].map((sparsity) => ({
  sparsity,
  achieved_sparsity: sparsity,
  parameters: 1e8 * (1 - sparsity),
  scoring_perplexity: 20,
  kv_groups: Array.from({ length: 12 }, () => 4),
  channels: Array.from({ length: 12 }, () => 800),
}));

async function settleOne(id: JobId, number: number): Promise<number> {
  const claim = await store.trials.claim(id, number, "bench", 60);
  const epoch = claim?.epoch ?? -1;
  await store.trials.propose(id, number, epoch, { params: params(number), origin: "sampler", rival: null });
  const start = performance.now();
  const outcome = { state: "completed", score: 3 + (number % 7) / 10, results, durationSeconds: 1 } as const;
  await store.trials.settle(id, number, epoch, outcome);
  return performance.now() - start;
}

const jobs = await Promise.all(
  [5_000, 5_001].map(async (budget) => ({
    budget,
    id: await searchingJob(database.databaseUrl, ENCRYPTION_KEY, budget),
    times: [] as number[],
    processorMs: 0,
  })),
);
const used = (): number => processorTimeBelow(process.pid, "with its own");
for (let from = 0; from < TRIALS; from += TURN) {
  for (const job of jobs) {
    const before = used();
    for (let number = from; number < from + TURN; number++) job.times.push(await settleOne(job.id, number));
    job.processorMs += used() - before;
  }
}
for (const { budget, times, processorMs } of jobs) {
  printResult({
    bench: "service/settle",
    sorted_values: budget > 5_000,
    ...timesOf(times),
    processor_ms_per_trial: processorMs / TRIALS,
    trials: TRIALS,
    load: loadavg()[0],
  });
}
await store.close();
await database.close();
