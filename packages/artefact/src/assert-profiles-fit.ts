import { AppError, type ExportProfile } from "@espalier/contracts";
import { type ModelFolder, openModel } from "@espalier/model";
import { profileRegistry } from "./profiles/registry.js";

/**
 * Refuses at the start of a job what would fail at its end: a model that a form cannot hold whatever its plan is. Throws
 * AppError VALIDATION_FAILED that names forms which can, at the profile's place in the job.
 */
export async function assertProfilesFit(
  modelPath: string,
  profiles: readonly ExportProfile[],
  linkRoots: readonly string[],
): Promise<void> {
  if (!profiles.some((profile) => profileRegistry[profile].assertFits !== undefined)) return;
  const source = await openModel(modelPath, { linkRoots });
  for (const [index, profile] of profiles.entries()) {
    await assertProfileFits(source, profile, linkRoots, `/export/profiles/${index}`);
  }
}

/** The same for one form of an open model; `pointer` is where a request names it. */
export async function assertProfileFits(
  source: ModelFolder,
  profile: ExportProfile,
  linkRoots: readonly string[],
  pointer: string,
): Promise<void> {
  try {
    await profileRegistry[profile].assertFits?.(source, linkRoots);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "VALIDATION_FAILED") throw error;
    const { message } = error;
    throw new AppError("VALIDATION_FAILED", message, { cause: error, errors: [{ detail: message, pointer }] });
  }
}
