/**
 * What submitting a job costs while 10,000 jobs of one key wait, in Postgres and in the queue: milliseconds of each answer
 * of the real service (a process of its own, over HTTP) with that key, the model really inspected. One after another and
 * eight at once, of a model that was submitted before; then each of a model that the service has never seen. `load` is the
 * machine's: above its cores, times are worse than the service's own, and the processor time of a request, service and
 * Postgres together, says more.
 * npm run bench -- service/submit
 */
import { cp, mkdir } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import type { JobId } from "@espalier/contracts";
import { openQueues } from "@espalier/queues";
import pg from "pg";
import { printResult } from "../result-line.js";
import { type Api, startApi } from "./api-process.js";
import { examples } from "./child-service.js";
import { openDatabase } from "./open-database.js";
import { processorTimeBelow } from "./processor-time.js";
import { timesOf } from "./quantiles.js";

const QUEUED = 10_000;
const RUNS = 400;
/** Models that are submitted once each. */
const MODELS = 100;
const AT_ONCE = 8;

const body = (seed: number, path = "stories260K") => ({
  model: { path },
  calibration: { corpus: "tinystories-train.txt" },
  scoring: { corpus: "tinystories-valid.txt" },
  target: { sparsity: 0.2 },
  search: { seed },
});

/** Copies of one job, each announced as a submit does. */
async function fillQueue(databaseUrl: string, id: JobId): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ id: JobId }>(
    `INSERT INTO jobs (id, name, spec, labels, trial_budget, parallelism, api_key_id)
     SELECT 'job_' || uuidv7(), name, spec, labels, trial_budget, parallelism, api_key_id
     FROM jobs CROSS JOIN generate_series(2, ${QUEUED}) WHERE id = $1 RETURNING id`,
    [id],
  );
  await client.query("ANALYZE");
  await client.end();
  const logger = { warn: () => undefined, info: () => undefined, error: () => undefined };
  const queues = await openQueues({ databaseUrl, logger });
  for (const row of rows) await queues.enqueue("profile", { job_id: row.id });
  const { profile } = await queues.counts();
  process.stderr.write(`${JSON.stringify(profile)} messages\n`);
  await queues.close();
}

/** Sends bodies, so many at a time; milliseconds of each. */
async function submit(
  api: Api,
  headers: Readonly<Record<string, string>>,
  bodies: readonly unknown[],
  atOnce: number,
): Promise<readonly number[]> {
  const times: number[] = [];
  const rest = bodies.values();
  const one = async (): Promise<void> => {
    for (const each of rest) {
      const start = performance.now();
      const response = await api.post("/v1/jobs", each, headers);
      const text = await response.text();
      if (response.status !== 202) throw new Error(`a submit answered ${response.status}: ${text}`);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return times;
}

const database = await openDatabase();
const models = join(database.dataDir, "models");
await mkdir(models);
for (let n = 0; n < MODELS; n++)
  await cp(examples("models/stories260K"), join(models, `copy-${n}`), { recursive: true });
await cp(examples("models/stories260K"), join(models, "stories260K"), { recursive: true });

const api = await startApi(database, { ESPALIER_MODEL_ROOTS: models });
const made = await api.post("/v1/api-keys", { name: "bench", scopes: ["admin"] });
const { key } = (await made.json()) as { readonly key: string };
const headers = { authorization: `Bearer ${key}` };
const first = await api.post("/v1/jobs", body(0), headers);
if (first.status !== 202) throw new Error(`the first submit answered ${first.status}: ${await first.text()}`);
const { job } = (await first.json()) as { readonly job: { readonly id: JobId } };
await fillQueue(database.databaseUrl, job.id);

const known = Array.from({ length: RUNS }, (_, seed) => body(seed));
const unknown = Array.from({ length: MODELS }, (_, n) => body(n, `copy-${n}`));
const measured = [
  { name: "submit", bodies: known, atOnce: 1 },
  { name: "submit, eight at once", bodies: known, atOnce: AT_ONCE },
  { name: "submit of a model not seen before", bodies: unknown, atOnce: 1 },
];
await submit(api, headers, known.slice(0, 20), 1);
for (const { name, bodies, atOnce } of measured) {
  const before = processorTimeBelow(process.pid);
  const times = await submit(api, headers, bodies, atOnce);
  const processor_ms = (processorTimeBelow(process.pid) - before) / times.length;
  const size = { runs: times.length, queued: QUEUED, at_once: atOnce };
  printResult({ bench: "service/submit", name, processor_ms, ...timesOf(times), ...size, load: loadavg()[0] });
}
await api.stop();
await database.close();
