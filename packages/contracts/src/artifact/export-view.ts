import { z } from "zod";
import { exportProfiles, sparsity } from "../job/create-job-body.js";
import { evaluatedModel, instant } from "../job/job-view.js";

/** Body of `POST /v1/jobs/{id}/artifacts`: one model of a finished search. */
export const createExportBody = z.strictObject({
  trial: z
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .optional()
    .describe("Number of a completed trial (default: the best one at the sparsity)"),
  sparsity: sparsity.optional().describe("One of the job's sparsities; may be left out where it has only one"),
  profile: z.enum(exportProfiles).optional().describe("Default: the first one of the job"),
});
export type CreateExportBody = z.infer<typeof createExportBody>;

export const exportStates = ["pending", "ready", "failed"] as const;
export type ExportState = (typeof exportStates)[number];

const checkedFile = z.strictObject({
  file: z.string().describe("Name in its folder"),
  loss_difference: z
    .number()
    .describe("Relative difference of its loss on the report text to that of the model that the search scored"),
});

const runtimeResult = z.strictObject({
  file: z.string(),
  positions: z.number().int().describe("Positions of report text at which logits were compared"),
  largest_difference: z.number().describe("Of a logit"),
  logit_span: z.number().describe("Largest logit minus smallest: what differences are small against"),
  same_token: z.number().min(0).max(1).describe("Share of the positions with the same likeliest token"),
});

/** How the written files were read back, before anybody could see them. */
export const exportChecks = z.strictObject({
  files: z.array(checkedFile).describe("Files that were read back and run"),
  runtime: z.string().nullable().describe("Another runtime that loaded them, with its version; null: none did"),
  results: z.array(runtimeResult).describe("What that runtime made of each file; the same tokens, or the export fails"),
  missing: z.string().nullable().describe("Why no other runtime was asked"),
});
export type ExportChecks = z.infer<typeof exportChecks>;

/** One model of a job's artefact: a folder of files. */
export const exportView = z
  .strictObject({
    name: z.string().describe("Folder of its files, e.g. `trial-7/sparsity-0.2/native`"),
    trial_number: z.number().int().min(0),
    sparsity: z.number(),
    profile: z.enum(exportProfiles),
    state: z.enum(exportStates).describe("`failed`: asking for it again tries again"),
    files: z.number().int().min(0).describe("0 until it is ready"),
    size_bytes: z.number().int().min(0).describe("Of all its files"),
    model: evaluatedModel.nullable().describe("As measured on the report text; null until it is ready"),
    checks: exportChecks.optional().describe("Absent until it is ready"),
    error: z.strictObject({ code: z.string(), detail: z.string() }).nullable().describe("Why it failed"),
    created_at: instant,
    finished_at: instant.nullable(),
  })
  .meta({ id: "Export" });
export type ExportView = z.infer<typeof exportView>;

/** Answer to `POST /v1/jobs/{id}/artifacts`. */
export const createExportAnswer = z.strictObject({ export: exportView });
