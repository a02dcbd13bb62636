import { z } from "zod";
import { choiceOf, type EvaluationTask } from "./task.js";

const lastWord = (context: string, word: string) => ({ choices: [choiceOf(context, word)], gold: 0 });

const original = z
  .looseObject({ text: z.string().refine((text) => text.includes(" "), "has no space in 'text'") })
  .transform(({ text }) => {
    const space = text.lastIndexOf(" ");
    return lastWord(text.slice(0, space), text.slice(space + 1));
  });

const assembled = z
  .looseObject({ context: z.string().min(1), continuation: z.string().min(1) })
  .transform(({ context, continuation }) => lastWord(context, continuation));

/** LAMBADA (Paperno et al. 2016), OpenAI's release: the last word of a passage. */
export const lambada: EvaluationTask = {
  metrics: ["acc", "perplexity"],
  aliases: ["lambada_openai"],
  source: "lm_eval/tasks/lambada/lambada_openai.yaml, version 1.0",
  record: z.union([original, assembled]),
  fields: "text, or context and continuation",
};
