import { type ApiKeyId, AppError, type JobId, jobId } from "@espalier/contracts";
import type { IdempotencyClaim, NewJob } from "@espalier/pipeline";
import type { Database, Transaction } from "../database/connect.js";
import { json } from "../database/json.js";
import { transact } from "../database/transact.js";
import { appendEvents } from "../events/append-events.js";
import type { Sealer } from "../secrets/seal.js";

export interface CreatedJob {
  readonly id: JobId;
  readonly replayed: boolean;
}

/** Inserts a job, its webhooks, its first event and the client's key in one transaction. */
export function createJob(
  database: Database,
  sealer: Sealer,
  job: NewJob,
  idempotency: IdempotencyClaim | undefined,
): Promise<CreatedJob> {
  return transact(database, async (tx) => {
    const earlier = idempotency && (await claimKey(tx, job, idempotency));
    if (earlier) return { id: earlier, replayed: true };
    await tx.$executeRaw`
      INSERT INTO jobs (id, name, spec, labels, trial_budget, parallelism, api_key_id, request_id, trace_parent)
      VALUES (${job.id}, ${job.name}, ${json(job.spec)}::jsonb, ${json(job.labels)}::jsonb,
        ${job.spec.search.trials}, ${job.spec.search.parallelism}, ${job.apiKeyId ?? null}, ${job.requestId ?? null},
        ${job.traceParent ?? null})`;
    if (job.webhooks.length > 0) {
      await tx.jobWebhook.createMany({
        data: job.webhooks.map(({ url, events, secret }) => ({
          jobId: job.id,
          url,
          events: [...events],
          secret: sealer.seal(secret),
        })),
      });
    }
    await appendEvents(tx, job.id, [{ type: "job.queued", data: { state: "queued" } }]);
    return { id: job.id, replayed: false };
  });
}

/** Clients with API keys of their own may choose the same one without meeting. */
const storedKey = (apiKeyId: ApiKeyId | undefined, key: string): string =>
  apiKeyId === undefined ? key : `${apiKeyId} ${key}`;

/**
 * Takes the key for this job; returns the job that has it already. Of equal requests at once, all but the first wait
 * here, on the unique index, until the first has committed.
 */
async function claimKey(tx: Transaction, job: NewJob, claim: IdempotencyClaim): Promise<JobId | undefined> {
  await tx.$executeRaw`
    DELETE FROM idempotency_keys WHERE key IN (
      SELECT key FROM idempotency_keys WHERE expires_at < now() LIMIT 100 FOR UPDATE SKIP LOCKED)`;
  const taken = await tx.$executeRaw`
    INSERT INTO idempotency_keys (key, body_hash, job_id, expires_at)
    VALUES (${storedKey(job.apiKeyId, claim.key)}, ${claim.bodyHash}, ${job.id}, now() + interval '48 hours')
    ON CONFLICT (key) DO NOTHING`;
  if (taken === 1) return undefined;
  const first = await submittedWith(tx, claim, job.apiKeyId);
  if (first !== undefined) return first;
  throw new AppError("IDEMPOTENCY_IN_PROGRESS", `The key '${claim.key}' is being released. Send it again.`);
}

/** The job that has the key. Rejects with AppError IDEMPOTENCY_KEY_REUSED when it came with another body. */
export async function submittedWith(
  database: Database | Transaction,
  { key, bodyHash }: IdempotencyClaim,
  apiKeyId: ApiKeyId | undefined,
): Promise<JobId | undefined> {
  const [first] = await database.$queryRaw<{ bodyHash: string; jobId: string }[]>`
    SELECT body_hash AS "bodyHash", job_id AS "jobId" FROM idempotency_keys
    WHERE key = ${storedKey(apiKeyId, key)} AND expires_at >= now()`;
  if (first === undefined || first.bodyHash === bodyHash) return first && jobId.parse(first.jobId);
  throw new AppError(
    "IDEMPOTENCY_KEY_REUSED",
    `The Idempotency-Key '${key}' came with another body before. Use a new key for a new job.`,
  );
}
