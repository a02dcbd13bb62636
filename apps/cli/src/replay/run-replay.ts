import { join, resolve } from "node:path";
import type { ReplayOutcome, ReplayProgress, ReplayRequest } from "@espalier/contracts";
import { runToFolder } from "../one-task/run-to-folder.js";
import type { ReplayFlags } from "./replay-flags.js";

const stageNames: Record<ReplayProgress["stage"], string> = {
  inputs: "hashing model and texts",
  statistics: "statistics",
  plan: "plan",
  recovery: "recovery",
  report: "models measured on the report text",
  export: "files written and verified",
};

/** Repeats a recipe in a scratch folder, of which only the model stays, under `--out`. */
export function runReplay(recipe: string, flags: ReplayFlags): Promise<ReplayOutcome> {
  return runToFolder<ReplayRequest, ReplayOutcome, ReplayProgress["stage"]>({
    entry: "@espalier/worker/replay",
    name: "replay",
    out: flags.out,
    stageNames,
    request: (place) => requestOf(recipe, flags, place),
  });
}

function requestOf(
  recipe: string,
  { model, corpora, dataDir, threads, provider, force }: ReplayFlags,
  { scratch, target }: { readonly scratch: string; readonly target: string },
): ReplayRequest {
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
