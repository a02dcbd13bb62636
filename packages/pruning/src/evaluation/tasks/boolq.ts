import { z } from "zod";
import { type EvaluationTask, question, reformatted, withinChoices } from "./task.js";

const ANSWERS = ["no", "yes"] as const;

const asked = (passage: string, text: string, gold: number) =>
  question(`${passage}\nQuestion: ${text}?\nAnswer:`, ANSWERS, gold);

/** As SuperGLUE has it (`label`), or the dataset's own release (`answer`). The question has no mark of its own. */
const original = z
  .looseObject({
    passage: z.string(),
    question: z.string().min(1),
    label: z.literal([0, 1]).optional(),
    answer: z.boolean().optional(),
  })
  .refine(({ label, answer }) => label !== undefined || answer !== undefined, "has neither 'label' nor 'answer'")
  .transform(({ passage, question, label, answer }) => asked(passage, question, label ?? Number(answer)));

/** `Passage: …\nQuestion: …?`: what is in front of the passage goes, so that the prompt is the harness's. */
const PARTS = /^Passage: (.*)\nQuestion: (.*?)\?\n*$/s;

const assembled = reformatted
  .refine(({ query }) => PARTS.test(query), "has no 'Passage: …\\nQuestion: …?' in 'query'")
  .transform(({ query, gold }) => {
    const [, passage = "", text = ""] = PARTS.exec(query) ?? [];
    return asked(passage, text, gold);
  })
  .refine(withinChoices, "has a 'gold' that is none of its choices");

/** BoolQ (Clark et al. 2019): is the answer to a question about a passage yes or no? */
export const boolq: EvaluationTask = {
  metrics: ["acc"],
  aliases: [],
  source: "lm_eval/tasks/super_glue/boolq/default.yaml, version 2.0",
  record: z.union([original, assembled]),
  fields: "passage, question and label (or answer), or query, choices and gold",
};
