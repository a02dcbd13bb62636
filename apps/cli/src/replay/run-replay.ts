import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { ReplayOutcome } from "@espalier/contracts";
import { CliError, exitCodes } from "../cli-error.js";
import { interrupted } from "../stack/on-interrupt.js";
import type { ReplayFlags } from "./replay-flags.js";
import { startReplay } from "./replay-process.js";
import { replayProgress } from "./replay-progress.js";

/** Repeats a recipe in a scratch folder, of which only the model stays, under `--out`. */
export async function runReplay(recipe: string, flags: ReplayFlags): Promise<ReplayOutcome> {
  const out = flags.out === undefined ? undefined : resolve(flags.out);
  if (out !== undefined) await assertFree(out);
  // Before there is anything to leave behind.
  const stopped = interrupted();
  const scratch = await makeScratch(out);
  const target = join(scratch, "artefact");
  const progress = replayProgress();
  const replay = startReplay(requestOf(recipe, flags, { scratch, target }), (step) => progress.update(step));
  const cleanUp = async (): Promise<void> => {
    progress.stop();
    await replay.stop();
    await rm(scratch, { recursive: true, force: true });
  };
  void stopped.then(async () => {
    await cleanUp();
    process.exit(130);
  });
  try {
    const outcome = await replay.outcome;
    if (out !== undefined && existsSync(target)) await publish(target, out);
    return outcome;
  } finally {
    await cleanUp();
  }
}

function requestOf(recipe: string, flags: ReplayFlags, { scratch, target }: { scratch: string; target: string }) {
  const { model, corpora, dataDir, threads, provider, force } = flags;
  const python = process.env["ESPALIER_PYTHON"];
  return {
    recipePath: resolve(recipe),
    modelPath: resolve(model),
    corpusRoots: corpora.map((folder) => resolve(folder)),
    // As workers name it, so that a service's statistics are found.
    statisticsDir: join(dataDir === undefined ? scratch : resolve(dataDir), "statistics"),
    target,
    threads,
    ...(provider === undefined ? {} : { provider }),
    ...(python ? { python } : {}),
    force,
  };
}

/** Beside `out`, so that the model gets there in one rename. */
async function makeScratch(out: string | undefined): Promise<string> {
  if (out === undefined) return mkdtemp(join(tmpdir(), "espalier-replay-"));
  await mkdir(dirname(out), { recursive: true });
  return mkdtemp(join(dirname(out), `.${basename(out)}.replay-`));
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
