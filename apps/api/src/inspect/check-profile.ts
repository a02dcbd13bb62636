import { assertProfileFits } from "@espalier/artefact";
import { openModel } from "@espalier/model";
import { findModel } from "./find-model.js";
import type { AskedProfile, Roots } from "./messages.js";

/** Throws VALIDATION_FAILED at `/profile` where the form holds the model under no plan, MODEL_NOT_FOUND and its like. */
export async function checkProfile({ model, onHub, profile }: AskedProfile, roots: Roots): Promise<null> {
  const { path } = (await findModel(model, onHub, roots.models)).folder;
  await assertProfileFits(await openModel(path, { linkRoots: roots.models }), profile, roots.models, "/profile");
  return null;
}
