import { AppError, type ArtifactView, type JobId } from "@espalier/contracts";
import type { Database } from "../database/connect.js";
import type { Artifact } from "../generated/client.js";
import { checkJobExists } from "./job-view.js";

/** Files of a job's artefact by name; none before it succeeded. */
export async function readArtifacts(database: Database, jobId: JobId): Promise<readonly ArtifactView[]> {
  const rows = await database.artifact.findMany({ where: { jobId }, orderBy: { name: "asc" } });
  if (rows.length === 0) await checkJobExists(database, jobId);
  return rows.map(artifactView);
}

/** Rejects with AppError JOB_NOT_FOUND or ARTIFACT_NOT_FOUND. */
export async function readArtifact(database: Database, jobId: JobId, name: string): Promise<ArtifactView> {
  const row = await database.artifact.findUnique({ where: { jobId_name: { jobId, name } } });
  if (row) return artifactView(row);
  await checkJobExists(database, jobId);
  throw new AppError(
    "ARTIFACT_NOT_FOUND",
    `Job '${jobId}' has no artefact '${name}'. List them with GET /v1/jobs/${jobId}/artifacts.`,
  );
}

const artifactView = ({ name, sizeBytes, sha256, createdAt }: Artifact): ArtifactView => ({
  name,
  size_bytes: Number(sizeBytes),
  sha256,
  created_at: createdAt.toISOString(),
});
