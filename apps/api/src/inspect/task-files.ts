import { extname, isAbsolute, relative } from "node:path";
import { AppError, type CreateJobBody, type ResolvedTask } from "@espalier/contracts";
import { type ResolvedPath, resolveInsideRoots } from "@espalier/model";
import { readTaskFile } from "@espalier/pruning";
import { fileIdentity } from "./file-identity.js";
import { pointed } from "./pointed.js";
import type { Recent } from "./recent.js";

type Counted = Pick<ResolvedTask, "task" | "items" | "choices" | "characters">;

/** What task files were found to hold, by their identity and what was asked of them. */
export type CountedTasks = Recent<Counted>;

/** Ending of files that are named without one: `boolq` is `boolq.jsonl`. */
const EXTENSION = ".jsonl";

/**
 * Finds and reads every task file of a job, so that a job does not end at a record that nobody can read. Throws
 * PATH_OUTSIDE_ROOTS, CORPUS_NOT_FOUND or CORPUS_MALFORMED (with the line) at the task in the body.
 */
export async function inspectTasks(
  { tasks, limit: common }: CreateJobBody["evaluation"],
  roots: readonly string[],
  known: CountedTasks,
): Promise<readonly ResolvedTask[]> {
  const resolved: ResolvedTask[] = [];
  for (const [i, entry] of tasks.entries()) {
    const asked = typeof entry === "string" ? { file: entry } : entry;
    const pointer = `/evaluation/tasks/${i}${typeof entry === "string" ? "" : "/file"}`;
    const limit = asked.limit ?? common;
    resolved.push(
      await pointed(pointer, async () => {
        const { path, root } = await findFile(asked.file, roots);
        const key = JSON.stringify([await fileIdentity(path), asked.task, limit]);
        const counted = await known.get(key, () => count({ path, task: asked.task, limit }));
        return { ...counted, file: relative(root, path), limit: limit ?? null };
      }),
    );
  }
  return resolved;
}

async function findFile(name: string, roots: readonly string[]): Promise<ResolvedPath> {
  try {
    return await resolveInsideRoots(roots, name, "corpus");
  } catch (error) {
    const isBare = extname(name) === "" && !isAbsolute(name);
    if (!(error instanceof AppError) || error.code !== "CORPUS_NOT_FOUND" || !isBare) throw error;
    return await resolveInsideRoots(roots, `${name}${EXTENSION}`, "corpus");
  }
}

async function count(request: Parameters<typeof readTaskFile>[0]): Promise<Counted> {
  const { task, items } = await readTaskFile(request);
  const choices = items.flatMap((item) => item.choices);
  return {
    task,
    items: items.length,
    choices: choices.length,
    characters: choices.reduce((sum, { context, continuation }) => sum + context.length + continuation.length, 0),
  };
}
