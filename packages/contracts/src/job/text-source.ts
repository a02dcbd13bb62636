import { z } from "zod";

const corpus = z
  .string()
  .min(1)
  .max(1024)
  .describe("Text (.txt) or JSON Lines (.jsonl) file under a configured corpus root");
const sequenceLength = z.number().int().min(8).max(32_768).describe("Tokens per window");
const skipWindows = z.number().int().min(0).max(10_000_000).describe("Windows of this corpus to pass over first");

/**
 * How documents become one row of tokens, with BOS where the tokenizer adds one. `windows`: BOS before each document.
 * `llm_pruner`: documents joined by a blank line and encoded as one text, so BOS before the first alone, as LLM-Pruner's
 * `ppl_dataset.py` does. A text file is one document: both give the same.
 */
export const textProtocols = ["windows", "llm_pruner"] as const;
export type TextProtocol = (typeof textProtocols)[number];

/** Most windows of one split: bounds the memory of what is read at submit. */
const MAX_WINDOWS = 100_000;

export const calibrationSource = z
  .strictObject({
    corpus,
    samples: z.number().int().min(8).max(MAX_WINDOWS).optional().describe("Calibration samples (default 256)"),
    sequence_length: sequenceLength.default(128),
    skip_windows: skipWindows.default(0),
  })
  .describe("Text that the statistics are computed on");

export const textSource = z.strictObject({
  corpus: corpus.optional().describe("Default: the calibration corpus"),
  windows: z.number().int().min(1).max(MAX_WINDOWS).optional().describe("Windows to read"),
  sequence_length: sequenceLength.default(128),
  protocol: z
    .enum(textProtocols)
    .default("windows")
    .describe(
      "`windows`: each document with its BOS; `llm_pruner`: documents joined by a blank line, one BOS, as LLM-Pruner's perplexities",
    ),
  skip_windows: skipWindows.optional().describe("Default: after what the splits before it use of the same corpus"),
});

export const weightedTextSource = textSource.extend({
  weight: z.number().gt(0).max(1e6).default(1).describe("Weight of this source in the objective"),
});

export type CalibrationSource = z.infer<typeof calibrationSource>;
export type TextSource = z.infer<typeof textSource>;
export type WeightedTextSource = z.infer<typeof weightedTextSource>;
