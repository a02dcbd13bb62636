import { type EvaluationTaskName, evaluationTaskNames } from "@espalier/contracts";
import { arcChallenge, arcEasy } from "./arc.js";
import { boolq } from "./boolq.js";
import { copa } from "./copa.js";
import { hellaswag } from "./hellaswag.js";
import { lambada } from "./lambada.js";
import { openbookqa } from "./openbookqa.js";
import { piqa } from "./piqa.js";
import type { EvaluationTask } from "./task.js";
import { winogrande } from "./winogrande.js";

/** All tasks by name. */
export const evaluationTasks: Readonly<Record<EvaluationTaskName, EvaluationTask>> = {
  boolq,
  piqa,
  winogrande,
  arc_easy: arcEasy,
  arc_challenge: arcChallenge,
  hellaswag,
  openbookqa,
  lambada,
  copa,
};

/**
 * The task that a file's name tells: it begins with the task's name or an alias (`hellaswag.val-subset.jsonl`,
 * `ARC-Easy.jsonl`), capitals and hyphens aside. Undefined where it tells none.
 */
export function taskOfFile(fileName: string): EvaluationTaskName | undefined {
  const plain = fileName.toLowerCase().replaceAll("-", "_");
  const begins = (word: string): boolean => plain.startsWith(word) && !/[a-z0-9]/.test(plain.charAt(word.length));
  return evaluationTaskNames.find((name) => [name, ...evaluationTasks[name].aliases].some(begins));
}
