/** A database as large as the service is meant for: one job with a million trials, and ten thousand other jobs. */
import { readFile } from "node:fs/promises";
import { createJobBody, type JobId, type JobSpec, newJobId } from "@espalier/contracts";
import { openStore } from "@espalier/store";
import type pg from "pg";

/** How large a seeded database is. */
export interface SeedSize {
  /** Of the one large job. */
  readonly trials: number;
  /** Other jobs. */
  readonly jobs: number;
}

export const LARGE: SeedSize = { trials: 1_000_000, jobs: 10_000 };
const SPARSITIES = [0.2, 0.5];

/** Parameters of the space, p0 to p14. */
const PARAMETERS = 15;
const LAYERS = 12;
/** Trials inserted in one statement. */
const CHUNK = 100_000;
const NAME = "a million trials";

function spec(trials: number): JobSpec {
  const { webhooks: _, ...body } = createJobBody.parse({
    name: NAME,
    model: { path: "stories260K" },
    calibration: { corpus: "train.txt" },
    target: { sparsity: SPARSITIES },
    search: { trials, parallelism: 4 },
  });
  const split = (skip_windows: number) => ({ corpus: "train.txt", windows: 64, sequence_length: 128, skip_windows });
  return {
    ...body,
    search: { ...body.search, refinement: 0.5, racing: false },
    calibration: split(0),
    scoring: [{ ...split(64), weight: 1 }],
    report: split(128),
    target: { ...body.target, sparsity: SPARSITIES },
  };
}

const model = (name: string, sparsity: number, scoring_perplexity: number) => ({
  name,
  sparsity,
  achieved_sparsity: sparsity,
  parameters: 100_000_000 * (1 - sparsity),
  scoring_perplexity,
  report_perplexity: null,
  compensation: "none" as const,
  allocation: null,
  trial_number: null,
});

/** Makes the job and brings it to where its search begins, as a worker does. */
export async function searchingJob(databaseUrl: string, encryptionKey: Uint8Array, trials: number): Promise<JobId> {
  const { jobs, close } = openStore({ databaseUrl, encryptionKey });
  const { id } = await jobs.create({
    id: newJobId(),
    name: NAME,
    spec: spec(trials),
    labels: { bench: "large" },
    webhooks: [],
  });
  const claim = await jobs.claimStage(id, "profile", "bench", 60);
  const space = Array.from(
    { length: PARAMETERS },
    (_, n) => ({ name: `p${n}`, type: "float", low: 0, high: 1 }) as const,
  );
  const baselines = SPARSITIES.flatMap((sparsity) =>
    ["magnitude", "taylor_first", "taylor_second", "wanda", "flap", "obs"].map((name) => model(name, sparsity, 30)),
  );
  const plan = { space, starts: [], given: [] };
  const outcome = {
    plan,
    neutral: {},
    dense: model("dense", 0, 10),
    baselines,
    profileSeconds: 1,
    statisticsKey: "5".repeat(64),
    calibration: null,
  };
  await jobs.settleProfile(id, claim?.epoch ?? -1, outcome);
  await close();
  return id;
}

/** The lists of one result: units kept per layer. */
const LISTS = ["kv_groups", "channels"]
  .map((name) => `'${name}', to_jsonb(ARRAY[${Array.from({ length: LAYERS }, () => "(random() * 999)::int")}])`)
  .join(", ");

const RESULTS = SPARSITIES.map(
  (sparsity) => `jsonb_build_object('sparsity', ${sparsity}, 'achieved_sparsity', ${sparsity} + spread / 50,
    'parameters', round(1e8 * (1 - ${sparsity} - spread / 50)),
    'scoring_perplexity', exp(score) * (1 + ${sparsity} + spread), ${LISTS})`,
).join(", ");

const PARAMS = Array.from({ length: PARAMETERS }, (_, n) => `'p${n}', random()`).join(", ");

/**
 * Scores fall slowly under noise; one trial in ten was pruned, one in fifty failed, one in a hundred is infeasible; the
 * second half refines; the last four run.
 */
const insertTrials = (trials: number): string => `
  WITH drawn AS (
    SELECT n, random() AS spread, 2.5 + exp(-n / 300000.0) - 0.2 * ln(1 / (1 - random())) / 10 AS score,
      CASE WHEN n >= ${trials} - 4 THEN 'running' WHEN n % 10 = 3 THEN 'pruned' WHEN n % 50 = 7 THEN 'failed'
        WHEN n % 100 = 11 THEN 'infeasible' ELSE 'completed' END AS state
    FROM generate_series($2::int, $3::int) AS n
  )
  INSERT INTO trials (job_id, number, state, epoch, origin, params, rival, score, partial_score, windows_seen,
    scored_share, results, reason, duration_seconds, started_at, finished_at)
  SELECT $1, n, state, 1, CASE WHEN n < ${trials} / 2 THEN 'sampler' ELSE 'refinement' END,
    jsonb_build_object(${PARAMS}) || CASE WHEN n < ${trials} / 2 THEN '{}'::jsonb ELSE '{"exchange": "8 4@17"}' END,
    CASE WHEN state = 'pruned' THEN 0 END, CASE WHEN state = 'completed' THEN score END,
    CASE WHEN state = 'pruned' THEN score + 1 END, CASE WHEN state = 'pruned' THEN 16 END,
    CASE state WHEN 'pruned' THEN 0.25 WHEN 'completed' THEN 1 END,
    CASE WHEN state = 'completed' THEN jsonb_build_array(${RESULTS}) ELSE '[]' END,
    CASE WHEN state = 'failed' THEN 'COMPUTE_LOST: the compute process ended unexpectedly' END,
    CASE WHEN state <> 'running' THEN 0.2 + spread END, now() - interval '1 second' * (${trials} - n),
    CASE WHEN state <> 'running' THEN now() - interval '1 second' * (${trials} - n - 1) END
  FROM drawn`;

const countTrials = (trials: number): string => `
  UPDATE jobs SET trials_inserted = ${trials}, trials_completed = t.completed, trials_pruned = t.pruned,
    trials_failed = t.failed, trials_infeasible = t.infeasible, trials_timed = ${trials} - 4, trial_seconds = t.seconds,
    best_score = t.best, started_at = now() - interval '12 days'
  FROM (SELECT count(*) FILTER (WHERE state = 'completed') AS completed,
      count(*) FILTER (WHERE state = 'pruned') AS pruned, count(*) FILTER (WHERE state = 'failed') AS failed,
      count(*) FILTER (WHERE state = 'infeasible') AS infeasible, sum(duration_seconds) AS seconds,
      min(score) AS best
    FROM trials WHERE job_id = $1) AS t
  WHERE id = $1`;

const INSERT_BEST = `
  INSERT INTO best_results (job_id, sparsity, trial_number, perplexity, result)
  SELECT DISTINCT ON (sparsity) $1, sparsity, number, perplexity, result
  FROM (SELECT number, result, (result->>'sparsity')::float8 AS sparsity,
      (result->>'scoring_perplexity')::float8 AS perplexity
    FROM trials CROSS JOIN LATERAL jsonb_array_elements(results) AS result
    WHERE job_id = $1 AND score < (SELECT min(score) + 0.05 FROM trials WHERE job_id = $1)) AS found
  ORDER BY sparsity, perplexity, number`;

/** Copies of the large job: most ended, some queued, of four models and ten teams, a minute apart. */
const insertJobs = (jobs: number): string => `
  INSERT INTO jobs (id, name, state, spec, labels, trial_budget, parallelism, dense, baselines, best, error_code,
    error_detail, error_stage, trials_inserted, trials_completed, created_at, started_at, finished_at)
  SELECT 'job_' || uuidv7(-make_interval(mins => n)), 'job ' || n, state,
    jsonb_set(spec, '{model,path}', to_jsonb('model-' || n % 4)), jsonb_build_object('team', 'team-' || n % 10),
    60, 1, dense, baselines, CASE WHEN state = 'succeeded' THEN jsonb_path_query_array(baselines, '$[0 to 1]') ELSE '[]' END,
    CASE WHEN state = 'failed' THEN 'COMPUTE_LOST' END, CASE WHEN state = 'failed' THEN 'lost' END,
    CASE WHEN state = 'failed' THEN 'search' END, 60, 60, now() - make_interval(mins => n),
    now() - make_interval(mins => n - 1), CASE WHEN state IN ('succeeded', 'failed') THEN now() - make_interval(mins => n - 2) END
  FROM (SELECT n, CASE WHEN n % 10 < 7 THEN 'succeeded' WHEN n % 10 < 8 THEN 'failed' ELSE 'queued' END AS state
    FROM generate_series(1, ${jobs}) AS n) AS made
  CROSS JOIN (SELECT spec, dense, baselines FROM jobs WHERE id = $1) AS large`;

/** What a migration fills for jobs that were searched before it: the rows that settling keeps. */
async function fillOf(migration: string, table: string, only = "true"): Promise<string> {
  const url = new URL(`../../prisma/migrations/${migration}/migration.sql`, import.meta.url);
  const sql = await readFile(url, "utf8");
  return sql
    .slice(sql.indexOf(`INSERT INTO "${table}"`))
    .replace("state = 'completed'", `state = 'completed' AND ${only}`);
}

/** Ten thousand messages that are due tomorrow, once, to twenty hosts. */
const INSERT_DELIVERIES = `
  WITH receivers AS (
    INSERT INTO webhook_endpoints (id, url, events, secret)
    SELECT 'bench-' || n, 'https://host-' || n || '.example', ARRAY['job.succeeded'], '\\x00' FROM generate_series(1, 20) AS n
    ON CONFLICT (id) DO NOTHING RETURNING id
  )
  INSERT INTO deliveries (id, job_id, endpoint_id, host, event_type, body, next_attempt_at)
  SELECT id || '-' || n, $1, id, id, 'job.succeeded', '{}', now() + interval '1 day'
  FROM receivers CROSS JOIN generate_series(1, 500) AS n`;

/** Adds messages that wait, for the plans of what looks for due ones. */
export async function addDeliveries(client: pg.Client, id: JobId): Promise<void> {
  await client.query(INSERT_DELIVERIES, [id]);
  await client.query("ANALYZE deliveries");
}

/** Id of the large job of a database that was seeded before. */
export async function findSeeded(client: pg.Client): Promise<JobId | undefined> {
  const { rows } = await client.query<{ id: JobId }>("SELECT id FROM jobs WHERE name = $1 AND best_score IS NOT NULL", [
    NAME,
  ]);
  return rows[0]?.id;
}

/** Fills a database with all migrations, in some minutes where it is large; returns the id of the large job. */
export async function seed(
  client: pg.Client,
  databaseUrl: string,
  encryptionKey: Uint8Array,
  size: SeedSize = LARGE,
): Promise<JobId> {
  const id = await searchingJob(databaseUrl, encryptionKey, size.trials);
  await client.query("SET synchronous_commit = off");
  await client.query("SELECT setseed(0.5)");
  await client.query("DELETE FROM trials WHERE job_id = $1", [id]);
  for (let from = 0; from < size.trials; from += CHUNK) {
    const end = Math.min(from + CHUNK, size.trials);
    await client.query(insertTrials(size.trials), [id, from, end - 1]);
    if (size.trials > CHUNK) process.stderr.write(`${end} trials\n`);
  }
  await keepRows(client, id, size);
  return id;
}

/** The rows and counters that settling keeps. The front is that of every 50th trial: as many points, much sooner. */
async function keepRows(client: pg.Client, id: JobId, { trials, jobs }: SeedSize): Promise<void> {
  await client.query("ANALYZE");
  await client.query(await fillOf("20261122190000_front", "front_results", "number % 50 = 0"));
  await client.query(await fillOf("20261122210000_reading", "improving_trials"));
  await client.query(await fillOf("20261122234000_sorted_values", "sorted_values"));
  await client.query(INSERT_BEST, [id]);
  await client.query(insertJobs(jobs), [id]);
  await client.query(countTrials(trials), [id]);
  await client.query("ANALYZE");
}
