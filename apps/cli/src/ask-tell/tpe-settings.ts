import { gammaRules, type TpeOptions, tpePresets } from "@espalier/search";
import { z } from "zod";

const namesOf = <T extends object>(record: T) => Object.keys(record) as (keyof T & string)[];

/** Each ask scores all of them: more would seem to hang. */
const MOST_CANDIDATES = 100_000;

/** One entry per option of TPE, so that an option without a check does not compile. Ranges are checked by the sampler. */
const optionShape = {
  multivariate: z.boolean(),
  joint: z.enum(["all", "intersection", "groups"]),
  bandwidth: z.enum(["neighbour", "scott"]),
  endpoints: z.boolean(),
  priorNeighbour: z.boolean(),
  magicClip: z.boolean(),
  magicClipExponent: z.number(),
  minimumBandwidth: z.number(),
  priorWeight: z.number(),
  categoricalPriorWeight: z.number().nullable(),
  constantLiar: z.boolean(),
  startupTrials: z.number(),
  start: z.enum(["random", "spread"]),
  candidates: z.number().max(MOST_CANDIDATES),
  gamma: z.enum(namesOf(gammaRules)),
  gammaSeveral: z.enum(namesOf(gammaRules)),
  goodWeights: z.enum(["recency", "improvement"]),
  objectiveWeights: z.enum(["hypervolume", "equal"]),
  constraints: z.boolean(),
  missingConstraints: z.enum(["feasible", "infeasible"]),
  localShare: z.number(),
} satisfies { readonly [Name in keyof TpeOptions]: z.ZodType<TpeOptions[Name]> };

/** Names of the presets and of the options, for help and messages. */
export const presetNames: readonly string[] = namesOf(tpePresets);
export const optionNames: readonly string[] = namesOf(optionShape);

/** Changes of the TPE options by name, and the preset that they change. */
export const tpeSettings = z
  .strictObject(
    { preset: z.enum(namesOf(tpePresets)), ...optionShape },
    {
      error: (issue) =>
        issue.code === "unrecognized_keys"
          ? `no option ${issue.keys.map((key) => `'${key}'`).join(", ")}; there are preset, ${optionNames.join(", ")}`
          : undefined,
    },
  )
  .partial();
