import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { StageOf } from "@espalier/contracts";
import { CliError, exitCodes } from "../cli-error.js";
import { interrupted } from "../stack/on-interrupt.js";
import { startTask } from "./start-task.js";
import { taskProgress } from "./task-progress.js";

/** Work that makes a folder. */
export interface FolderTask<Request, Stage extends string> {
  /** Main module of the worker. */
  readonly entry: string;
  /** What the work is called, in names of scratch folders. */
  readonly name: string;
  /** Where the folder goes; undefined: it is thrown away. */
  readonly out: string | undefined;
  readonly stageNames: Readonly<Record<Stage, string>>;
  /** The request for work in `scratch` that makes its folder at `target`. */
  request(place: { readonly scratch: string; readonly target: string }): Request;
}

/** Does the work in a scratch folder, of which only what it made stays, at `out`. Ctrl-C leaves nothing behind. */
export async function runToFolder<Request, Outcome, Stage extends string>(
  task: FolderTask<Request, Stage>,
): Promise<Outcome> {
  const out = task.out === undefined ? undefined : resolve(task.out);
  if (out !== undefined) await assertFree(out);
  // Before there is anything to leave behind.
  const stopped = interrupted();
  const scratch = await makeScratch(out, task.name);
  const target = join(scratch, "artefact");
  const progress = taskProgress(task.stageNames);
  const running = startTask<Request, Outcome, StageOf<Stage>>(task.entry, task.request({ scratch, target }), (step) =>
    progress.update(step),
  );
  const cleanUp = async (): Promise<void> => {
    progress.stop();
    await running.stop();
    await rm(scratch, { recursive: true, force: true });
  };
  void stopped.then(async () => {
    await cleanUp();
    process.exit(130);
  });
  try {
    const outcome = await running.outcome;
    if (out !== undefined && existsSync(target)) await publish(target, out);
    return outcome;
  } finally {
    await cleanUp();
  }
}

/** Beside `out`, so that the model gets there in one rename. */
async function makeScratch(out: string | undefined, name: string): Promise<string> {
  if (out === undefined) return mkdtemp(join(tmpdir(), `espalier-${name}-`));
  await mkdir(dirname(out), { recursive: true });
  return mkdtemp(join(dirname(out), `.${basename(out)}.${name}-`));
}

async function assertFree(out: string): Promise<void> {
  const inside = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new CliError(`'${out}' cannot be written to (${error.code}). Give --out another folder.`, exitCodes.badInput);
  });
  if (inside.length === 0) return;
  throw new CliError(`'${out}' is not empty. Give --out a new folder.`, exitCodes.badInput);
}

async function publish(made: string, out: string): Promise<void> {
  if (existsSync(out)) await rmdir(out);
  await rename(made, out);
  // Folders in the making are private.
  await chmod(out, 0o777 & ~process.umask());
}
