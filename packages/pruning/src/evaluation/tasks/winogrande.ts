import { z } from "zod";
import { choiceOf, type EvaluationTask, withinChoices } from "./task.js";

const GAP = "_";

/** Partial evaluation: both options complete the beginning, and the likelihood is that of the same rest. */
const asked = (contexts: readonly string[], rest: string, gold: number) => ({
  choices: contexts.map((context) => choiceOf(context, rest)),
  gold,
});

const original = z
  .looseObject({
    sentence: z.string().refine((text) => text.includes(GAP), "has no '_' in 'sentence'"),
    option1: z.string().min(1),
    option2: z.string().min(1),
    answer: z.literal(["1", "2"]),
  })
  .transform(({ sentence, option1, option2, answer }) => {
    const gap = sentence.indexOf(GAP);
    const beginning = sentence.slice(0, gap);
    return asked([beginning + option1, beginning + option2], sentence.slice(gap + 1).trim(), Number(answer) - 1);
  });

const assembled = z
  .looseObject({
    context_options: z.array(z.string().min(1)).min(2),
    continuation: z.string().min(1),
    gold: z.number().int().min(0),
  })
  .transform(({ context_options, continuation, gold }) => asked(context_options, continuation, gold))
  .refine(withinChoices, "has a 'gold' that is none of its options");

/** WinoGrande (Sakaguchi et al. 2019): which of two nouns does a pronoun's place want? */
export const winogrande: EvaluationTask = {
  metrics: ["acc"],
  aliases: [],
  source: "lm_eval/tasks/winogrande/{default.yaml,preprocess_winogrande.py}, version 1.0",
  record: z.union([original, assembled]),
  fields: "sentence, option1, option2 and answer, or context_options, continuation and gold",
};
