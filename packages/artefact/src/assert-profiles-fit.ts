import type { ExportProfile } from "@espalier/contracts";
import { openModel } from "@espalier/model";
import { profileRegistry } from "./profiles/registry.js";

/**
 * Refuses at the start of a job what would fail at its end: a model that a form cannot hold whatever its plan is. Throws
 * AppError VALIDATION_FAILED that names forms which can.
 */
export async function assertProfilesFit(
  modelPath: string,
  profiles: readonly ExportProfile[],
  linkRoots: readonly string[],
): Promise<void> {
  const asking = profiles.flatMap((profile) => profileRegistry[profile].assertFits ?? []);
  if (asking.length === 0) return;
  const source = await openModel(modelPath, { linkRoots });
  for (const assertFits of asking) await assertFits(source, linkRoots);
}
