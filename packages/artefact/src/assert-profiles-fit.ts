import { AppError, type ExportProfile } from "@espalier/contracts";
import { type ModelFolder, openModel } from "@espalier/model";
import { anyPlan, type JobBounds } from "./profiles/job-bounds.js";
import { profileRegistry } from "./profiles/registry.js";

/**
 * Refuses at the start of a job what would fail at its end: a model that a form cannot hold whatever its plan is,
 * or, with the bounds of the job, under a plan that it may find. Throws AppError VALIDATION_FAILED that names forms which can, at the profile's place in the job.
 */
export async function assertProfilesFit(
  modelPath: string,
  profiles: readonly ExportProfile[],
  linkRoots: readonly string[],
  bounds: JobBounds = anyPlan,
): Promise<void> {
  if (!profiles.some((profile) => profileRegistry[profile].assertFits !== undefined)) return;
  const source = await openModel(modelPath, { linkRoots });
  for (const [index, profile] of profiles.entries()) {
    await assertProfileFits(source, profile, linkRoots, `/export/profiles/${index}`, bounds);
  }
}

/** The same for one form of an open model; `pointer` is where a request names it. */
export async function assertProfileFits(
  source: ModelFolder,
  profile: ExportProfile,
  linkRoots: readonly string[],
  pointer: string,
  bounds: JobBounds = anyPlan,
): Promise<void> {
  try {
    await profileRegistry[profile].assertFits?.(source, linkRoots, bounds);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "VALIDATION_FAILED") throw error;
    const { message } = error;
    throw new AppError("VALIDATION_FAILED", message, { cause: error, errors: [{ detail: message, pointer }] });
  }
}
