import { assertProfileFits } from "@espalier/artefact";
import type { ExportProfile } from "@espalier/contracts";
import { openModel, resolveInsideRoots } from "@espalier/model";
import type { Roots } from "./messages.js";

/** A form that a finished job's model is asked for in. */
export interface AskedProfile {
  /** The model's path in the job. */
  readonly modelPath: string;
  readonly profile: ExportProfile;
}

/** Throws VALIDATION_FAILED at `/profile` where the form holds the model under no plan, MODEL_NOT_FOUND and its like. */
export async function checkProfile({ modelPath, profile }: AskedProfile, roots: Roots): Promise<null> {
  const { path } = await resolveInsideRoots(roots.models, modelPath, "model");
  await assertProfileFits(await openModel(path, { linkRoots: roots.models }), profile, roots.models, "/profile");
  return null;
}
