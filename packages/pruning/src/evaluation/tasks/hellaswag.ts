import { z } from "zod";
import { type EvaluationTask, question, reformatted, withinChoices } from "./task.js";

/** What the harness cleans: brackets are left over from the WikiHow part of the data. */
const cleaned = (text: string): string =>
  text
    .trim()
    .replaceAll(" [title]", ". ")
    .replaceAll(/\[[^\n]*?\]/g, "")
    .replaceAll("  ", " ");

/** As Python's `capitalize` does: the first character large, all others small. */
function capitalised(text: string): string {
  const [first = "", ...rest] = text;
  return first.toUpperCase() + rest.join("").toLowerCase();
}

const original = z
  .looseObject({
    activity_label: z.string(),
    ctx_a: z.string(),
    ctx_b: z.string(),
    endings: z.array(z.string().min(1)).min(2),
    label: z.union([z.number().int(), z.string().regex(/^\d+$/).transform(Number)]),
  })
  .transform(({ activity_label, ctx_a, ctx_b, endings, label }) =>
    question(cleaned(`${activity_label}: ${ctx_a} ${capitalised(ctx_b)}`), endings.map(cleaned), label),
  )
  .refine(withinChoices, "has a 'label' that is none of its endings");

/** Put together before, cleaned by whoever did it. */
const assembled = reformatted
  .transform(({ query, choices, gold }) => question(query, choices, gold))
  .refine(withinChoices, "has a 'gold' that is none of its choices");

/** HellaSwag (Zellers et al. 2019): how does a described scene go on? */
export const hellaswag: EvaluationTask = {
  metrics: ["acc_norm", "acc"],
  aliases: [],
  source: "lm_eval/tasks/hellaswag/{hellaswag.yaml,utils.py}, version 1.0",
  record: z.union([original, assembled]),
  fields: "activity_label, ctx_a, ctx_b, endings and label, or query, choices and gold",
};
