import { createHash } from "node:crypto";
import type { CreateJobInput, JobView } from "@espalier/contracts";
import { databaseUrl, startTestDatabase } from "@espalier/embedded";
import pg from "pg";
import { faultJob } from "./fault-job.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import { startPlace } from "./place.js";

/** Advisory lock under which one process of the test run computes what the others wait for. */
const CALM_LOCK = 26_001;

/** A job as it goes when nobody disturbs it. */
export interface CalmRun {
  /** As the service settled it, defaults filled in. */
  readonly spec: JobView["spec"];
  readonly outcome: Outcome;
}

/**
 * What `faultJob` with these changes gives in calm (invariant 7). Computed once per test run: it is kept in the run's
 * shared Postgres and goes with it.
 */
export async function calmRun(changes: Partial<CreateJobInput> = {}): Promise<CalmRun> {
  const recipe = createHash("sha256")
    .update(JSON.stringify(faultJob(changes)))
    .digest("hex");
  const anchor = await startTestDatabase();
  const client = new pg.Client({ connectionString: databaseUrl(anchor.url, "postgres") });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [CALM_LOCK]);
    await client.query("CREATE TABLE IF NOT EXISTS calm_runs (recipe text PRIMARY KEY, run json NOT NULL)");
    const { rows } = await client.query("SELECT run FROM calm_runs WHERE recipe = $1", [recipe]);
    if (rows.length > 0) return rows[0].run as CalmRun;
    const text = JSON.stringify(await runCalmly(changes));
    await client.query("INSERT INTO calm_runs VALUES ($1, $2)", [recipe, text]);
    return JSON.parse(text) as CalmRun;
  } finally {
    await client.end();
    await anchor.drop();
  }
}

/** In a place of its own: nothing that a disturbed run left can have a part in it. */
async function runCalmly(changes: Partial<CreateJobInput>): Promise<CalmRun> {
  const place = await startPlace();
  try {
    await place.startWorker();
    const { id } = await place.submit(changes);
    const job = await place.finished(id);
    if (job.state !== "succeeded") throw new Error(`the calm job ended ${job.state}: ${JSON.stringify(job.error)}`);
    return { spec: job.spec, outcome: await outcomeOf(place.client, id) };
  } finally {
    await place.close();
  }
}
