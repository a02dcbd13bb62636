import { z } from "zod";
import { labelledChoices } from "./labelled-choices.js";
import { type EvaluationTask, question, reformatted, withinChoices } from "./task.js";

const original = z
  .looseObject({ question_stem: z.string().min(1), choices: labelledChoices, answerKey: z.string() })
  .transform(({ question_stem, choices, answerKey }) =>
    question(question_stem, choices.text, choices.label.indexOf(answerKey.trimStart())),
  )
  .refine(withinChoices, "has an 'answerKey' that is none of its labels");

const assembled = reformatted
  .transform(({ query, choices, gold }) => question(query, choices, gold))
  .refine(withinChoices, "has a 'gold' that is none of its choices");

/** OpenBookQA (Mihaylov et al. 2018): the stem is the whole prompt. */
export const openbookqa: EvaluationTask = {
  metrics: ["acc_norm", "acc"],
  aliases: ["openbook_qa", "obqa"],
  source: "lm_eval/tasks/openbookqa/openbookqa.yaml, version 1.0",
  record: z.union([original, assembled]),
  fields: "question_stem, choices {text, label} and answerKey, or query, choices and gold",
};
