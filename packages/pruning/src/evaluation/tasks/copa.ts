import { z } from "zod";
import { type EvaluationTask, question, reformatted, withinChoices } from "./task.js";

const CONNECTORS = { cause: "because", effect: "therefore" } as const;

const original = z
  .looseObject({
    premise: z.string().min(1),
    choice1: z.string().min(1),
    choice2: z.string().min(1),
    question: z.enum(["cause", "effect"]),
    label: z.literal([0, 1]),
  })
  // The premise without its full stop.
  .transform(({ premise, choice1, choice2, question: asked, label }) =>
    question(`${premise.trim().slice(0, -1)} ${CONNECTORS[asked]}`, [choice1, choice2], label),
  );

/** The harness puts no comma before the connector. */
const COMMA = /, (because|therefore)$/;

const assembled = reformatted
  .transform(({ query, choices, gold }) => question(query.replace(COMMA, " $1"), choices, gold))
  .refine(withinChoices, "has a 'gold' that is none of its choices");

/** COPA (Roemmele et al. 2011): cause or effect of a premise. */
export const copa: EvaluationTask = {
  metrics: ["acc"],
  aliases: [],
  source: "lm_eval/tasks/super_glue/copa/{default.yaml,utils.py}, version 1.0",
  record: z.union([original, assembled]),
  fields: "premise, choice1, choice2, question and label, or query, choices and gold",
};
