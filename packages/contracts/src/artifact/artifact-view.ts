import { z } from "zod";
import { instant } from "../job/job-view.js";

export const artifactView = z
  .strictObject({
    name: z.string().describe("Path inside the artefact, e.g. `native/model.safetensors`"),
    size_bytes: z.number().int().min(0),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    created_at: instant,
  })
  .meta({ id: "Artifact" });
export type ArtifactView = z.infer<typeof artifactView>;

export const artifactList = z.strictObject({ data: z.array(artifactView) });
