import { z } from "zod";
import { boundedRecord } from "../bounded-record.js";
import { evaluation } from "./evaluation.js";
import { modelSource } from "./model-source.js";
import { recovery } from "./recovery.js";
import { searchOptions } from "./search-options.js";
import { calibrationSource, textSource, weightedTextSource } from "./text-source.js";
import { webhookTarget } from "./webhook-target.js";

/** Largest sparsity accepted: above it no block keeps enough to be called a model. */
const MAX_SPARSITY = 0.95;

/** Longest budget: three years. */
const MAX_SECONDS = 100_000_000;

export const sparsity = z.number().gt(0).max(MAX_SPARSITY).describe("Share of the prunable parameters to remove");

export const exportProfiles = ["native", "uniform", "padded", "gguf", "onnx"] as const;
export type ExportProfile = (typeof exportProfiles)[number];

export const target = z
  .strictObject({
    sparsity: z
      .union([sparsity, z.array(sparsity).min(1).max(16)])
      .describe("One sparsity, or a list searched together"),
    layout: z.enum(["free", "uniform"]).default("free").describe("`uniform`: all layers get equal widths"),
    round_to: z.number().int().min(1).max(1024).default(1).describe("MLP widths are multiples of this"),
  })
  .describe("What to reach");

/** Body of `POST /v1/jobs`. Only `model`, `calibration` and `target` are required. */
export const createJobBody = z.strictObject({
  name: z.string().trim().min(1).max(200).optional().describe("For people"),
  model: modelSource,
  calibration: calibrationSource,
  scoring: z
    .union([textSource, z.array(weightedTextSource).min(1).max(16)])
    .optional()
    .describe("Text of the search's objective (default: the calibration corpus, after the calibration samples)"),
  report: textSource
    .optional()
    .describe("Text that the search never sees (default: the calibration corpus, after the scoring windows)"),
  target,
  search: searchOptions.prefault({}),
  baselines: z.boolean().default(true).describe("Also evaluate single metrics without a search"),
  compensation: z
    .enum(["search", "none", "bias", "least_squares"])
    .default("search")
    .describe("Closed-form repair of the kept weights, inside every trial"),
  recovery: recovery.default({ method: "none" }),
  evaluation: evaluation.prefault({}),
  export: z
    .strictObject({ profiles: z.array(z.enum(exportProfiles)).min(1).max(8).default(["native"]) })
    .prefault({})
    .describe(
      "`native`: any plan; `uniform`: a plain folder of the family, needs layout uniform; `padded`: any plan as a plain folder, zeros fill the narrow layers; `gguf`: any plan, for llama.cpp, F16 and Q8_0; `onnx`: any plan, for transformers.js, with a cache, in fp32, fp16 and q8",
    ),
  budget: z
    .strictObject({
      max_duration_seconds: z
        .number()
        .positive()
        .max(MAX_SECONDS)
        .nullable()
        .default(null)
        .describe("Stop searching after this time"),
      max_compute_seconds: z
        .number()
        .positive()
        .max(MAX_SECONDS)
        .nullable()
        .default(null)
        .describe("Stop after this sum of trial time"),
    })
    .prefault({}),
  webhooks: z.array(webhookTarget).max(8).default([]),
  labels: boundedRecord(z.string().min(1).max(64), z.string().max(256), 64)
    .default({})
    .describe("Free key-value pairs"),
});
export type CreateJobBody = z.infer<typeof createJobBody>;
export type CreateJobInput = z.input<typeof createJobBody>;
