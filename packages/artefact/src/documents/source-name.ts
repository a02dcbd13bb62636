import { posix } from "node:path";
import { type JobSpec, modelName } from "@espalier/contracts";

/**
 * What cards and files call the source: its name on the hub, or the last part of the job's path. Not the name of the folder
 * that a machine keeps it in, which may be a commit's, and another one where the model is made again.
 */
export function sourceName({ model }: Pick<JobSpec, "model">): string {
  if ("hub" in model) return model.hub;
  const name = posix.basename(posix.normalize(modelName(model)));
  return name === "." ? "model" : name;
}
