/**
 * Trials per second of one job with one worker and with two, each with one thread, in processes of their own with API and
 * Postgres beside them: repeats in turn, since other programs on the machine disturb both alike. The processor time of a
 * trial, workers and their children alone, says what a trial costs when the machine is busy otherwise; twice the workers
 * are worth twice the trials where it stays the same and two cores are free.
 * npm run bench -- service/workers [--repeats 4] [--trials 40]
 */
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { printResult } from "../result-line.js";
import { type Api, startApi } from "./api-process.js";
import { startChild } from "./child-service.js";
import { openDatabase } from "./open-database.js";
import { processorTimeBelow } from "./processor-time.js";

const flag = (name: string, fallback: number): number => {
  const index = process.argv.indexOf(`--${name}`);
  return index > 0 ? Number(process.argv[index + 1]) : fallback;
};
const REPEATS = flag("repeats", 4);
const TRIALS = flag("trials", 40);
/** The first trials open models and texts. */
const WARM_UP = 5;

const body = (parallelism: number, seed: number) => ({
  model: { path: "stories260K" },
  calibration: { corpus: "tinystories-train.txt", samples: 64, sequence_length: 128 },
  scoring: { corpus: "tinystories-valid.txt", windows: 256, sequence_length: 128 },
  report: { corpus: "tinystories-train.txt", windows: 16, sequence_length: 128 },
  target: { sparsity: 0.2 },
  baselines: false,
  search: { trials: TRIALS, parallelism, seed, refinement: 0, racing: false },
});

interface Run {
  readonly perSecond: number;
  readonly processorMs: number;
}

const database = await openDatabase();
const client = new pg.Client({ connectionString: database.databaseUrl });
await client.connect();

interface Progress {
  readonly settled: number;
  readonly state: string;
}

async function until(id: string, done: (progress: Progress) => boolean): Promise<Progress> {
  for (;;) {
    const { rows } = await client.query<Progress>(
      "SELECT trials_completed + trials_failed + trials_infeasible AS settled, state FROM jobs WHERE id = $1",
      [id],
    );
    const [progress] = rows;
    if (progress === undefined || progress.state === "failed") throw new Error(`job ${id} failed`);
    if (done(progress)) return progress;
    await sleep(20);
  }
}

/** One job with so many workers; what comes after the first trials counts, and no more than the search. */
async function run(api: Api, workers: number, seed: number): Promise<Run> {
  const started = await Promise.all(
    Array.from({ length: workers }, () => startChild("worker", database, { ESPALIER_THREADS: "1" })),
  );
  const used = (): number =>
    started.reduce((sum, { process: { pid = 0 } }) => sum + processorTimeBelow(pid, "with its own"), 0);
  const answer = await api.post("/v1/jobs", body(workers, seed));
  if (answer.status !== 202) throw new Error(`the submit answered ${answer.status}: ${await answer.text()}`);
  const { job } = (await answer.json()) as { readonly job: { readonly id: string } };
  const first = await until(job.id, ({ settled }) => settled >= WARM_UP);
  const [start, before] = [performance.now(), used()];
  const last = await until(job.id, ({ settled, state }) => settled >= TRIALS - workers || state === "succeeded");
  const trials = last.settled - first.settled;
  const result = {
    perSecond: (1000 * trials) / (performance.now() - start),
    processorMs: (used() - before) / trials,
  };
  await until(job.id, ({ state }) => state === "succeeded");
  await Promise.all(started.map(({ stop }) => stop()));
  return result;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;

const api = await startApi(database);
const runs: Readonly<Record<1 | 2, Run[]>> = { 1: [], 2: [] };
for (let repeat = 0; repeat < REPEATS; repeat++) {
  for (const workers of repeat % 2 === 0 ? ([1, 2] as const) : ([2, 1] as const)) {
    const result = await run(api, workers, repeat);
    runs[workers].push(result);
    const { perSecond: trials_per_second, processorMs: processor_ms_per_trial } = result;
    printResult({
      bench: "service/workers",
      workers,
      repeat,
      trials_per_second,
      processor_ms_per_trial,
      load: loadavg()[0],
    });
  }
}
const ratio = (of: (run: Run) => number): number => median(runs[2].map(of)) / median(runs[1].map(of));
printResult({
  bench: "service/workers",
  name: "two workers over one",
  trials_per_second: ratio(({ perSecond }) => perSecond),
  processor_ms_per_trial: ratio(({ processorMs }) => processorMs),
  best_of_repeats:
    Math.max(...runs[2].map(({ perSecond }) => perSecond)) / Math.max(...runs[1].map(({ perSecond }) => perSecond)),
  repeats: REPEATS,
  trials: TRIALS,
  load: loadavg()[0],
});
await api.stop();
await client.end();
await database.close();
