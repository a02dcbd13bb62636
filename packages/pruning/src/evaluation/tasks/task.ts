import type { TaskMetric } from "@espalier/contracts";
import { z } from "zod";

/** A text, and a continuation of it whose likelihood is asked for. */
export interface Choice {
  readonly context: string;
  /** Begins with the space between the two. */
  readonly continuation: string;
  /** Characters (code points) of the answer without that space: what `acc_norm` divides by. */
  readonly length: number;
}

/** One question: choices of which one is right. A single choice: a text whose own continuation is asked for. */
export interface TaskItem {
  readonly choices: readonly Choice[];
  /** Place of the right choice. */
  readonly gold: number;
}

/**
 * What is told of a task. `acc`: share of questions whose likeliest choice is right (for a single choice: that greedy
 * decoding gives it). `acc_norm`: the same with log-likelihoods divided by the characters of the choice. `perplexity`:
 * exp of minus the mean log-likelihood of an item's whole continuation.
 */
export type MetricName = TaskMetric["name"];

/** A zero-shot task as the LM evaluation harness asks it. */
export interface EvaluationTask {
  /** The first one is the one that is quoted. */
  readonly metrics: readonly [MetricName, ...MetricName[]];
  /** File names that tell this task, without extension, beside its own name. */
  readonly aliases: readonly string[];
  /** Where the prompt's form is from: file and version of the harness. */
  readonly source: string;
  /** Reads one record of a file, in any of the schemas. */
  readonly record: z.ZodType<TaskItem>;
  /** What a record must hold, for the message to whoever's file does not. */
  readonly fields: string;
}

/** Between a prompt and an answer (`target_delimiter` of the harness, its default). */
const DELIMITER = " ";

/** A choice with the harness's delimiter before it. */
export const choiceOf = (context: string, answer: string): Choice => ({
  context,
  continuation: `${DELIMITER}${answer}`,
  length: [...answer].length,
});

/** A question whose answers continue one prompt. Issues where `gold` names none of them are the caller's. */
export const question = (context: string, answers: readonly string[], gold: number): TaskItem => ({
  choices: answers.map((answer) => choiceOf(context, answer)),
  gold,
});

/** A gold index that the record's own choices have. */
export const withinChoices = ({ choices, gold }: TaskItem): boolean => gold >= 0 && gold < choices.length;

/** The schema of the files in MosaicML's llm-foundry: a prompt that was put together before, answers, the right one. */
export const reformatted = z.looseObject({
  query: z.string().min(1),
  choices: z.array(z.string().min(1)).min(2),
  gold: z.number().int().min(0),
});
