import { z } from "zod";
import { labelledChoices } from "./labelled-choices.js";
import { type EvaluationTask, question, reformatted, withinChoices } from "./task.js";

const asked = (text: string, answers: readonly string[], gold: number) =>
  question(`Question: ${text}\nAnswer:`, answers, gold);

const original = z
  .looseObject({ question: z.string().min(1), choices: labelledChoices, answerKey: z.string() })
  .transform(({ question, choices, answerKey }) => asked(question, choices.text, choices.label.indexOf(answerKey)))
  .refine(withinChoices, "has an 'answerKey' that is none of its labels");

const LEAD = /^Question: /;

const assembled = reformatted
  .transform(({ query, choices, gold }) => asked(query.replace(LEAD, ""), choices, gold))
  .refine(withinChoices, "has a 'gold' that is none of its choices");

const record = z.union([original, assembled]);
const fields = "question, choices {text, label} and answerKey, or query, choices and gold";

/** ARC, easy part (Clark et al. 2018): grade-school science. */
export const arcEasy: EvaluationTask = {
  metrics: ["acc", "acc_norm"],
  aliases: ["arc_e"],
  source: "lm_eval/tasks/arc/arc_easy.yaml, version 1.0",
  record,
  fields,
};

/** ARC, the questions that retrieval and co-occurrence get wrong. */
export const arcChallenge: EvaluationTask = {
  metrics: ["acc_norm", "acc"],
  aliases: ["arc_c"],
  source: "lm_eval/tasks/arc/arc_challenge.yaml, version 1.0",
  record,
  fields,
};
