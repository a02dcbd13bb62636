import { z } from "zod";
import { exportProfiles } from "../job/create-job-body.js";
import { instant } from "../job/job-view.js";
import { exportView } from "./export-view.js";

export const artifactView = z
  .strictObject({
    name: z.string().describe("Path inside the artefact, e.g. `native/model.safetensors`"),
    size_bytes: z.number().int().min(0),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    export: z.string().nullable().describe("The folder that it belongs to, one of `exports`"),
    trial_number: z.number().int().min(0).nullable(),
    sparsity: z.number().nullable(),
    profile: z.enum(exportProfiles).nullable(),
    created_at: instant,
  })
  .meta({ id: "Artifact" });
export type ArtifactView = z.infer<typeof artifactView>;

export const artifactQuery = z.strictObject({
  export: z.string().min(1).max(256).optional().describe("Only this folder and its files"),
});
export type ArtifactQuery = z.infer<typeof artifactQuery>;

/** Answer to `GET /v1/jobs/{id}/artifacts`. */
export const artifactList = z.strictObject({
  data: z.array(artifactView).describe("Files that can be downloaded, by name"),
  exports: z.array(exportView).describe("Folders, those still to be written and those that failed among them"),
});
export type ArtifactList = z.infer<typeof artifactList>;
