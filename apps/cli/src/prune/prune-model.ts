import type { ModelSource } from "@espalier/contracts";
import { CliError, exitCodes } from "../cli-error.js";
import { localPaths } from "./local-paths.js";
import type { PruneFlags } from "./prune-flags.js";

/** The model that the flags name, as a job has it, and the folders that the service must be able to read for it. */
export function pruneModel({ model, hub }: Pick<PruneFlags, "model" | "hub">): {
  readonly source: ModelSource;
  readonly roots: readonly string[];
} {
  if (model !== undefined && hub === undefined) {
    const { name, roots } = localPaths("model", [model]);
    return { source: { path: name(model) }, roots };
  }
  if (model === undefined && hub !== undefined) return { source: hub, roots: [] };
  throw new CliError("Name the model with --model DIR or with --hub OWNER/NAME.", exitCodes.badInput);
}
