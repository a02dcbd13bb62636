import { type Parameter, readParameter, samplerNames } from "@espalier/search";
import { z } from "zod";
import { tpeSettings } from "./tpe-settings.js";

/** Bounds that no search comes near to, so that a mistaken line is refused before it is worked on. */
const MOST_PARAMETERS = 10_000;
const MOST_OBJECTIVES = 32;
const MOST_REPORTS = 1_000_000;
const MOST_CONSTRAINTS = 10_000;

/** The numbers that JSON lacks, as text. */
const numberTexts = ["Infinity", "-Infinity", "NaN"] as const;

const anyNumber = z.union([z.number(), z.enum(numberTexts).transform(Number)], {
  error: `must be a number, or the text ${numberTexts.map((text) => `"${text}"`).join(", ")}`,
});

const parameter = z.unknown().transform((value, context): Parameter => {
  try {
    return readParameter(value, "refuse");
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
});

/** The first line. */
export const settingsLine = z.strictObject({
  space: z.array(parameter).min(1).max(MOST_PARAMETERS),
  seed: z.int().default(0),
  directions: z
    .array(z.enum(["minimize", "maximize"]))
    .min(1)
    .max(MOST_OBJECTIVES)
    .default(["minimize"]),
  sampler: z.enum(samplerNames).default("tpe"),
  options: tpeSettings.default({}),
});

/** `{"ask": true}` */
export const askLine = z.strictObject({ ask: z.literal(true) });

/** `{"tell": {…}}`; null is as good as absent, as clients write what they do not have. */
export const tellLine = z.strictObject({
  tell: z.strictObject({
    number: z.int().min(0),
    state: z.enum(["complete", "pruned", "failed"]).nullish(),
    values: z.array(anyNumber).max(MOST_OBJECTIVES).nullish(),
    intermediate: z
      .array(z.tuple([z.number(), anyNumber]))
      .max(MOST_REPORTS)
      .nullish(),
    constraints: z.array(anyNumber).max(MOST_CONSTRAINTS).nullish(),
  }),
});
