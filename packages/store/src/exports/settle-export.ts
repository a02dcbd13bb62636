import type { JobId } from "@espalier/contracts";
import type { ArtifactFile, ArtifactFolder, ExportFailure, ExportOutcome } from "@espalier/pipeline";
import type { Database, Transaction } from "../database/connect.js";
import { json } from "../database/json.js";
import { transact } from "../database/transact.js";
import { appendEvents } from "../events/append-events.js";
import { lockJob } from "../jobs/lock-job.js";
import { isHeld } from "./export-lease.js";

/** pending → ready with its files; the job's state stays. */
export function settleLaterExport(
  database: Database,
  id: JobId,
  name: string,
  epoch: number,
  { files, model, checks }: ExportOutcome,
): Promise<boolean> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, id);
    if (!job) return false;
    const [row] = await tx.$queryRaw<ExportData[]>`
      UPDATE exports SET state = 'ready', model = ${json(model)}::jsonb, checks = ${json(checks)}::jsonb, owner = NULL,
        finished_at = clock_timestamp()
      WHERE ${isHeld(id, name, epoch)} AND state = 'pending'
      RETURNING name AS export, trial_number, sparsity, profile`;
    if (!row) return false;
    await listFiles(tx, id, files, () => name);
    const size_bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const data = { state: job.state, files: files.length, size_bytes, ...row };
    await appendEvents(tx, id, [{ type: "artifact.ready", data }]);
    return true;
  });
}

/** pending → failed; the job's state stays. */
export function failExport(
  database: Database,
  id: JobId,
  name: string,
  epoch: number,
  { code, detail }: ExportFailure,
): Promise<boolean> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, id);
    if (!job) return false;
    const [row] = await tx.$queryRaw<ExportData[]>`
      UPDATE exports SET state = 'failed', owner = NULL, finished_at = clock_timestamp(),
        error_code = ${code}, error_detail = ${detail}
      WHERE ${isHeld(id, name, epoch)} AND state = 'pending'
      RETURNING name AS export, trial_number, sparsity, profile`;
    if (!row) return false;
    await appendEvents(tx, id, [
      { type: "artifact.failed", data: { state: job.state, ...row, error: { code, detail } } },
    ]);
    return true;
  });
}

/** What an event says of an export. */
interface ExportData {
  readonly export: string;
  readonly trial_number: number;
  readonly sparsity: number;
  readonly profile: string;
}

/** The models of the export that ends a job, with their files. */
export async function insertFirstExports(
  tx: Transaction,
  id: JobId,
  folders: readonly ArtifactFolder[],
  outcome: Pick<ExportOutcome, "files"> & { readonly best: readonly ExportOutcome["model"][] },
): Promise<void> {
  const rows = folders.map(({ name, trialNumber, sparsity, profile, checks }) => ({
    name,
    trial: trialNumber,
    sparsity,
    profile,
    checks,
    model: outcome.best.find((model) => model.trial_number === trialNumber && model.sparsity === sparsity) ?? null,
  }));
  await tx.$executeRaw`
    INSERT INTO exports (job_id, name, trial_number, sparsity, profile, state, model, checks, finished_at)
    SELECT ${id}, name, trial, sparsity, profile, 'ready', model, checks, clock_timestamp()
    FROM jsonb_to_recordset(${json(rows)}::jsonb)
      AS row(name text, trial int, sparsity float8, profile text, model jsonb, checks jsonb)`;
  await listFiles(
    tx,
    id,
    outcome.files,
    (file) => folders.find(({ name }) => file.name.startsWith(`${name}/`))?.name ?? null,
  );
}

async function listFiles(
  tx: Transaction,
  jobId: JobId,
  files: readonly ArtifactFile[],
  exportOf: (file: ArtifactFile) => string | null,
): Promise<void> {
  await tx.artifact.createMany({
    data: files.map((file) => {
      const { name, sizeBytes, sha256 } = file;
      return { jobId, name, sizeBytes: BigInt(sizeBytes), sha256, exportName: exportOf(file) };
    }),
  });
}
