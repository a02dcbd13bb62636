import { z } from "zod";

/** Answers and their letters or numbers, in two lists of one length, as ARC and OpenBookQA have them. */
export const labelledChoices = z
  .looseObject({ text: z.array(z.string().min(1)).min(2), label: z.array(z.string()) })
  .refine(({ text, label }) => text.length === label.length, "has 'text' and 'label' of unequal length");
