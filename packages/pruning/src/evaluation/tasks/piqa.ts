import { z } from "zod";
import { type EvaluationTask, question, reformatted, withinChoices } from "./task.js";

const asked = (goal: string, answers: readonly string[], gold: number) =>
  question(`Question: ${goal}\nAnswer:`, answers, gold);

const original = z
  .looseObject({ goal: z.string(), sol1: z.string().min(1), sol2: z.string().min(1), label: z.literal([0, 1]) })
  .transform(({ goal, sol1, sol2, label }) => asked(goal, [sol1, sol2], label));

const LEAD = "Question: ";

const assembled = reformatted
  .refine(({ query }) => query.startsWith(LEAD), `has a 'query' that does not begin with '${LEAD}'`)
  .transform(({ query, choices, gold }) => asked(query.slice(LEAD.length).replace(/\n$/, ""), choices, gold))
  .refine(withinChoices, "has a 'gold' that is none of its choices");

/** PIQA (Bisk et al. 2020): which of two ways reaches a goal? */
export const piqa: EvaluationTask = {
  metrics: ["acc", "acc_norm"],
  aliases: [],
  source: "lm_eval/tasks/piqa/piqa.yaml, version 1.0",
  record: z.union([original, assembled]),
  fields: "goal, sol1, sol2 and label, or query, choices and gold",
};
