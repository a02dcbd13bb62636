import { createHash } from "node:crypto";
import { basename } from "node:path";
import { AppError, type EvaluationTaskName, evaluationTaskNames } from "@espalier/contracts";
import { jsonLines } from "@espalier/model";
import { evaluationTasks, taskOfFile } from "./tasks/registry.js";
import type { TaskItem } from "./tasks/task.js";

/** A task file as it is asked for. */
export interface TaskFileRequest {
  /** Absolute path of a JSON Lines file. */
  readonly path: string;
  /** Default: as the file's name tells. */
  readonly task?: EvaluationTaskName | undefined;
  /** Items read, from the first one on. Default: all. */
  readonly limit?: number | undefined;
}

/** The items of a task file. */
export interface TaskFile {
  readonly task: EvaluationTaskName;
  /** Its name, without the folder. */
  readonly file: string;
  readonly items: readonly TaskItem[];
  /** SHA-256 (hex) of the items and the task: the same for either schema of the same questions. */
  readonly hash: string;
}

/**
 * Reads a task file in the schema of its original dataset or that of MosaicML's llm-foundry. Throws `CORPUS_NOT_FOUND`,
 * or `CORPUS_MALFORMED` with the line, or with the known tasks where the name tells none.
 */
export async function readTaskFile({ path, task: asked, limit }: TaskFileRequest): Promise<TaskFile> {
  const file = basename(path);
  const task = asked ?? taskOfFile(file);
  if (task === undefined) {
    throw malformed(file, `tells no task by its name. Say which task it is: one of ${evaluationTaskNames.join(", ")}`);
  }
  const { record, fields } = evaluationTasks[task];
  const items: TaskItem[] = [];
  for await (const { line, value } of jsonLines(path)) {
    const item = record.safeParse(value);
    if (!item.success) throw malformed(file, `is no ${task} record in line ${line}: one has ${fields}`);
    items.push(item.data);
    if (items.length === limit) break;
  }
  if (items.length === 0) throw malformed(file, "has no records");
  return { task, file, items, hash: hashOf(task, items) };
}

const malformed = (file: string, problem: string): AppError =>
  new AppError("CORPUS_MALFORMED", `Task file '${file}' ${problem}.`);

function hashOf(task: EvaluationTaskName, items: readonly TaskItem[]): string {
  const hash = createHash("sha256").update(JSON.stringify(["espalier task 1", task]));
  for (const { choices, gold } of items) {
    hash.update(JSON.stringify([choices.map(({ context, continuation }) => [context, continuation]), gold]));
  }
  return hash.digest("hex");
}
