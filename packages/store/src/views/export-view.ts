import {
  AppError,
  type EvaluatedModel,
  type ExportChecks,
  type ExportProfile,
  type ExportView,
  type JobId,
} from "@espalier/contracts";
import type { Database } from "../database/connect.js";
import { Prisma } from "../generated/client.js";
import { checkJobExists, jobIsThere } from "./job-view.js";

interface ExportRow {
  readonly name: string;
  readonly trialNumber: number;
  readonly sparsity: number;
  readonly profile: ExportProfile;
  readonly state: ExportView["state"];
  readonly files: number;
  readonly sizeBytes: number;
  readonly model: EvaluatedModel | null;
  readonly checks: ExportChecks | null;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** Models of a job's artefact, oldest first; of one name where it is given. Rejects with AppError JOB_NOT_FOUND. */
export async function readExports(database: Database, jobId: JobId, name?: string): Promise<readonly ExportView[]> {
  const rows = await database.$queryRaw<ExportRow[]>`
    SELECT e.name, e.trial_number AS "trialNumber", e.sparsity, e.profile, e.state, e.model, e.checks,
      e.error_code AS "errorCode", e.error_detail AS "errorDetail", e.created_at AS "createdAt",
      e.finished_at AS "finishedAt", count(a.name)::int AS files, COALESCE(sum(a.size_bytes), 0)::float8 AS "sizeBytes"
    FROM exports AS e LEFT JOIN artifacts AS a ON a.job_id = e.job_id AND a.export_name = e.name
    WHERE e.job_id = ${jobId} AND ${jobIsThere(jobId)}
      AND ${name === undefined ? Prisma.sql`true` : Prisma.sql`e.name = ${name}`}
    GROUP BY e.job_id, e.name ORDER BY e.created_at, e.name`;
  if (rows.length === 0) await checkJobExists(database, jobId);
  return rows.map(exportView);
}

/** Rejects with AppError JOB_NOT_FOUND or ARTIFACT_NOT_FOUND. */
export async function readExport(database: Database, jobId: JobId, name: string): Promise<ExportView> {
  const [view] = await readExports(database, jobId, name);
  if (view) return view;
  throw new AppError(
    "ARTIFACT_NOT_FOUND",
    `Job '${jobId}' has no export '${name}'. List them with GET /v1/jobs/${jobId}/artifacts.`,
  );
}

function exportView({ errorCode: code, errorDetail, ...row }: ExportRow): ExportView {
  return {
    name: row.name,
    trial_number: row.trialNumber,
    sparsity: row.sparsity,
    profile: row.profile,
    state: row.state,
    files: row.files,
    size_bytes: row.sizeBytes,
    model: row.model,
    ...(row.checks === null ? {} : { checks: row.checks }),
    error: code === null ? null : { code, detail: errorDetail ?? "" },
    created_at: row.createdAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}
