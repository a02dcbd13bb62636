import { z } from "zod";
import { pageQuery } from "../http/page.js";
import { trialStates } from "./states.js";
import { trialView } from "./trial-view.js";

/** What trials can be sorted by, beside any parameter. */
export const trialSortKeys = ["number", "-number", "score", "-score", "duration", "-duration"] as const;

/** A name of 128 characters outside the basic plane, and what stands before it. */
const MAX_SORT = 7 + 2 * 128;

const trialSort = z
  .string()
  .max(MAX_SORT)
  .regex(
    /^-?(?:number|score|duration|param:.{1,128})$/su,
    "Expected number, score, duration or param:NAME, with a leading minus for descending",
  )
  .default("number")
  .describe(
    "`number`, `score`, `duration` or `param:NAME`; a leading minus sorts descending. Trials without a value come last, " +
      "equal values are ordered by number. Sorting by a parameter reads all the job's trials",
  );

const trialField = trialView.keyof();
export type TrialField = z.infer<typeof trialField>;

export const trialFields: readonly TrialField[] = trialField.options;

const fields = z
  .string()
  .max(400)
  .transform((text) => text.split(","))
  .pipe(z.array(trialField))
  .optional()
  .describe("Only these fields of each trial, separated by commas");

const numberBound = z.coerce.number().int().min(0).max(2_147_483_647).optional();
const scoreBound = z.coerce.number().min(-1e12).max(1e12).optional();

export const trialQuery = pageQuery.extend({
  state: z.enum(trialStates).optional(),
  min_number: numberBound.describe("Only trials with this number or a larger one"),
  max_number: numberBound.describe("Only trials with this number or a smaller one"),
  min_score: scoreBound,
  max_score: scoreBound,
  sort: trialSort,
  fields,
});
export type TrialQuery = z.infer<typeof trialQuery>;

/** A trial of which only some fields were asked for. */
export const partialTrial = trialView.partial().describe("With `fields`: only those");
export type PartialTrial = Partial<z.infer<typeof trialView>>;
