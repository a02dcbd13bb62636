import { AppError, type ArtifactList, type ArtifactView, type ExportProfile, type JobId } from "@espalier/contracts";
import type { Database } from "../database/connect.js";
import { readExport, readExports } from "./export-view.js";
import { checkJobExists } from "./job-view.js";

const withExport = { export: { select: { name: true, trialNumber: true, sparsity: true, profile: true } } } as const;

/** Files of a job's artefact by name, and the models that they make; none before it succeeded. */
export async function readArtifacts(database: Database, jobId: JobId, exportName?: string): Promise<ArtifactList> {
  const exports =
    exportName === undefined ? await readExports(database, jobId) : [await readExport(database, jobId, exportName)];
  const rows = await database.artifact.findMany({
    where: { jobId, ...(exportName === undefined ? {} : { exportName }) },
    orderBy: { name: "asc" },
    include: withExport,
  });
  return { data: rows.map(artifactView), exports: [...exports] };
}

/** Rejects with AppError JOB_NOT_FOUND or ARTIFACT_NOT_FOUND. */
export async function readArtifact(database: Database, jobId: JobId, name: string): Promise<ArtifactView> {
  const row = await database.artifact.findUnique({ where: { jobId_name: { jobId, name } }, include: withExport });
  if (row) return artifactView(row);
  await checkJobExists(database, jobId);
  throw new AppError(
    "ARTIFACT_NOT_FOUND",
    `Job '${jobId}' has no artefact '${name}'. List them with GET /v1/jobs/${jobId}/artifacts.`,
  );
}

interface ArtifactRow {
  readonly name: string;
  readonly sizeBytes: bigint;
  readonly sha256: string;
  readonly createdAt: Date;
  readonly export: {
    readonly name: string;
    readonly trialNumber: number;
    readonly sparsity: number;
    readonly profile: string;
  } | null;
}

const artifactView = ({ name, sizeBytes, sha256, createdAt, export: of }: ArtifactRow): ArtifactView => ({
  name,
  size_bytes: Number(sizeBytes),
  sha256,
  export: of?.name ?? null,
  trial_number: of?.trialNumber ?? null,
  sparsity: of?.sparsity ?? null,
  profile: (of?.profile ?? null) as ExportProfile | null,
  created_at: createdAt.toISOString(),
});
