import { assertProfileFits } from "@espalier/artefact";
import type { ExportProfile, ModelSource } from "@espalier/contracts";
import { openModel } from "@espalier/model";
import { findModel } from "./find-model.js";
import type { FoundOnHub, Roots } from "./messages.js";

/** A form that a finished job's model is asked for in. */
export interface AskedProfile {
  readonly model: ModelSource;
  /** Set where the model is one of a hub. */
  readonly onHub?: FoundOnHub | undefined;
  readonly profile: ExportProfile;
}

/** Throws VALIDATION_FAILED at `/profile` where the form holds the model under no plan, MODEL_NOT_FOUND and its like. */
export async function checkProfile({ model, onHub, profile }: AskedProfile, roots: Roots): Promise<null> {
  const { path } = (await findModel(model, onHub, roots.models)).folder;
  await assertProfileFits(await openModel(path, { linkRoots: roots.models }), profile, roots.models, "/profile");
  return null;
}
