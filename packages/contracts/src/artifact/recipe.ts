import { z } from "zod";
import { createJobBody, exportProfiles, sparsity, target } from "../job/create-job-body.js";
import { searchOptions } from "../job/search-options.js";
import { textProtocols } from "../job/text-source.js";
import { parameterValue } from "../trial/trial-view.js";

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe("SHA-256, hex");
const hashes = z.record(z.string().min(1).max(1024), sha256);
const index = z.number().int().min(0);

const split = z.strictObject({
  corpus: z.string().min(1).max(1024),
  windows: z.number().int().min(1),
  sequence_length: z.number().int().min(2),
  skip_windows: index,
});
const measuredSplit = split.extend({ protocol: z.enum(textProtocols).optional().describe("Absent: `windows`") });

/** A job as it was settled at submit, without what belongs to people and to one machine. */
const recipeSpec = createJobBody.omit({ name: true, labels: true, webhooks: true }).extend({
  calibration: split,
  scoring: z.array(measuredSplit.extend({ weight: z.number().positive() })).min(1),
  report: measuredSplit,
  target: target.extend({ sparsity: z.array(sparsity).min(1) }),
  search: searchOptions.extend({ refinement: z.number().min(0).max(1), racing: z.boolean() }),
});

/** Units that a layer keeps, ascending. */
const plannedLayer = z.strictObject({
  kv_groups: z.array(index),
  query_heads: z.array(index).optional().describe("Of every group, kept or not; absent: all"),
  channels: z.array(index),
});
export type PlannedLayer = z.infer<typeof plannedLayer>;

const common = z.strictObject({
  format: z.literal("espalier-recipe"),
  versions: z.strictObject({ espalier: z.string(), onnxruntime: z.string(), node_major: z.number().int() }),
  spec: recipeSpec,
  winners: z
    .array(
      z.strictObject({
        sparsity,
        trial_number: index,
        params: z.record(z.string(), parameterValue),
        plan: z.array(plannedLayer).min(1),
      }),
    )
    .length(1),
});

const inputs = z.strictObject({ model: sha256, tokenizer: sha256, corpora: hashes });

/** Recipes of the first format: without hashes of files, so that a replay can compare plans only. */
const first = common.extend({ format_version: z.literal(1), sha256: inputs });

const second = common.extend({
  format_version: z.literal(2),
  sha256: inputs.extend({ files: hashes.describe("Every file of the model's folder that the result is made from") }),
  execution: z
    .strictObject({ provider: z.enum(["cpu", "webgpu", "cuda"]), memory_bytes: z.number().positive() })
    .describe("What decides in which order numbers are added up, besides the versions"),
  profile: z.enum(exportProfiles).describe("The form in which the folder beside this recipe holds the model"),
  artefact: z
    .strictObject({ sha256, files: hashes })
    .describe("The model's files beside this recipe; `sha256` is that of their lines in SHA256SUMS, in that order"),
});

/** `recipe.json` of an exported model: what repeats it, and how to tell that it was repeated. */
export const recipeDocument = z.discriminatedUnion("format_version", [first, second]);
export type RecipeDocument = z.infer<typeof recipeDocument>;
/** The format that is written. */
export type CurrentRecipe = z.infer<typeof second>;
