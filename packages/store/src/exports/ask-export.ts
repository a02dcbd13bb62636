import type { ExportProfile, JobId, JobSpec, JobState, TrialState } from "@espalier/contracts";
import type { AskedExport, ExportChoices, ExportKey } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { transact } from "../database/transact.js";
import { lockJob } from "../jobs/lock-job.js";

/** Exports of one job that may wait: they share their queue with the exports that end jobs. */
const MOST_PENDING = 16;

/** What the exports of a job may be chosen from. */
export async function readChoices(
  database: Database,
  id: JobId,
  trial: number | undefined,
): Promise<ExportChoices | undefined> {
  const [job] = await database.$queryRaw<{ state: JobState; spec: JobSpec }[]>`
    SELECT state, spec FROM jobs WHERE id = ${id} AND deleted_at IS NULL`;
  if (!job) return undefined;
  const best = await database.bestResult.findMany({
    where: { jobId: id },
    select: { sparsity: true, trialNumber: true },
  });
  const asked =
    trial === undefined
      ? null
      : await database.trial.findUnique({
          where: { jobId_number: { jobId: id, number: trial } },
          select: { state: true },
        });
  const { model, target, export: wanted } = job.spec;
  return {
    state: job.state,
    sparsities: target.sparsity,
    layout: target.layout,
    model,
    profiles: wanted.profiles,
    best: new Map(best.map(({ sparsity, trialNumber }) => [sparsity, trialNumber])),
    trialState: asked?.state as TrialState | undefined,
  };
}

interface Known {
  readonly name: string;
  readonly state: "pending" | "ready" | "failed";
}

/** Inserts a pending export of a succeeded job, finds the one of this key, or opens it again after it failed. */
export function askExport(
  database: Database,
  id: JobId,
  name: string,
  { trialNumber, sparsity, profile }: ExportKey,
): Promise<AskedExport | undefined> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, id);
    if (job?.state !== "succeeded") return undefined;
    const [known] = await tx.$queryRaw<Known[]>`
      SELECT name, state FROM exports
      WHERE job_id = ${id} AND trial_number = ${trialNumber} AND sparsity = ${sparsity}::float8
        AND profile = ${profile satisfies ExportProfile}`;
    if (known && known.state !== "failed") return { kind: known.state, name: known.name };
    const pending = await tx.export.count({ where: { jobId: id, state: "pending" } });
    if (pending >= MOST_PENDING) return { kind: "full" };
    if (known) {
      await tx.$executeRaw`
        UPDATE exports SET state = 'pending', failures = 0, lease_until = clock_timestamp() - interval '1 ms', finished_at = NULL, error_code = NULL, error_detail = NULL
        WHERE job_id = ${id} AND name = ${known.name}`;
      return { kind: "pending", name: known.name };
    }
    await tx.$executeRaw`
      INSERT INTO exports (job_id, name, trial_number, sparsity, profile)
      VALUES (${id}, ${name}, ${trialNumber}, ${sparsity}::float8, ${profile})`;
    return { kind: "pending", name };
  });
}
