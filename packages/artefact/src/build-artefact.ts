import { mkdir, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { ExportProfile } from "@espalier/contracts";
import type { Plan } from "@espalier/pruning";
import type { ArtefactRequest, ArtefactWinner } from "./artefact-request.js";
import { jsonText } from "./documents/json-text.js";
import { type ModelCardInput, modelCard } from "./documents/model-card.js";
import { type InputHashes, recipe } from "./documents/recipe.js";
import { searchLog } from "./documents/search-log.js";
import { type ArtefactFile, writeChecksums } from "./durable/checksums.js";
import { openStagingFolder } from "./durable/staging-folder.js";
import { carriedFiles, isLicence } from "./folder/copied-files.js";
import { inputHashes } from "./input-hashes.js";
import { profileRegistry } from "./profiles/registry.js";
import { type SlicedModel, sliceModel } from "./slice/slice-model.js";
import { checkRuntime } from "./verify/check-runtime.js";
import { verifyFolder } from "./verify/verify-folder.js";

/** One model of an artefact. */
export interface ArtefactFolder {
  /** Relative to the target; empty where the target itself is meant. */
  readonly name: string;
  readonly winner: ArtefactWinner;
  readonly profile: ExportProfile;
}

export interface BuiltArtefact {
  /** Every file, SHA256SUMS among them, by name. */
  readonly files: readonly ArtefactFile[];
  readonly folders: readonly ArtefactFolder[];
}

interface ReadyWinner {
  readonly winner: ArtefactWinner;
  readonly plan: Plan;
  readonly sliced: SlicedModel;
  /** NLL sum per report window of the masked model. */
  readonly masked: Float64Array;
}

/**
 * Slices the winners, writes every profile, reads the files back and compares their losses with those of the search,
 * and makes the folder visible in one rename. The same request gives the same bytes. Throws AppError
 * EXPORT_VERIFICATION_FAILED; after an error or a kill nothing is visible at `target`.
 */
export async function buildArtefact(request: ArtefactRequest): Promise<BuiltArtefact> {
  const { winners, spec, target } = request;
  if (winners.length === 0) throw new RangeError("an artefact needs at least one winner");
  if (request.flat && winners.length * spec.export.profiles.length !== 1) {
    throw new RangeError(`flat: ${winners.length} winners in ${spec.export.profiles.length} profiles`);
  }
  const steps = stepCounter(request, artefactSteps(request));
  const hashes = await inputHashes(request);
  const staging = await openStagingFolder(target, request.attempt);
  try {
    const files: ArtefactFile[] = [];
    const folders: ArtefactFolder[] = [];
    for (const [index, winner] of winners.entries()) {
      const ready = await prepare(request, winner);
      steps.next();
      for (const profile of spec.export.profiles) {
        const folder = folderOf(request, winner, profile);
        await writeAndVerify(request, ready, index, profile, join(staging.path, folder));
        await writeDocuments(request, ready, hashes, join(staging.path, folder));
        const written = await writeChecksums(join(staging.path, folder));
        files.push(...written.map((file) => ({ ...file, name: posix.join(folder, file.name) })));
        folders.push({ name: folder, winner, profile });
        steps.next();
      }
    }
    request.signal?.throwIfAborted();
    await staging.publish();
    steps.next();
    return { files, folders };
  } catch (error) {
    await staging.discard();
    throw error;
  }
}

/** How many steps `onProgress` counts: the masked losses of a winner, each of its folders, and making all visible. */
export const artefactSteps = ({ winners, spec }: Pick<ArtefactRequest, "winners" | "spec">): number =>
  winners.length * (1 + spec.export.profiles.length) + 1;

function stepCounter({ signal, onProgress }: ArtefactRequest, of: number): { next(): void } {
  let done = 0;
  return {
    next: () => {
      signal?.throwIfAborted();
      done += 1;
      onProgress?.({ done, of });
    },
  };
}

async function prepare({ context, signal }: ArtefactRequest, winner: ArtefactWinner): Promise<ReadyWinner> {
  const plan = await context.plan(winner.params, winner.sparsity);
  const compensated = await context.compensatedWeights(winner.params, plan);
  const masked = await context.maskedReportLosses(plan, compensated, signal === undefined ? {} : { signal });
  const sliced = sliceModel({ config: context.model.config, weights: context.weights, plan, compensated });
  return { winner, plan, sliced, masked };
}

/** One sparsity: `native/`; several: `sparsity-0.2/native/`. */
function folderOf({ winners, flat }: ArtefactRequest, winner: ArtefactWinner, profile: ExportProfile): string {
  if (flat) return "";
  return winners.length === 1 ? profile : `sparsity-${winner.sparsity}/${profile}`;
}

async function writeAndVerify(
  request: ArtefactRequest,
  ready: ReadyWinner,
  index: number,
  profile: ExportProfile,
  folder: string,
): Promise<void> {
  const { context, provider, threads, signal } = request;
  const { sliced, masked, winner } = ready;
  await mkdir(folder, { recursive: true });
  await profileRegistry[profile].write(folder, {
    source: context.model,
    sliced,
    linkRoots: request.linkRoots ?? [],
  });
  const common = {
    label: `Export '${profile}' at sparsity ${winner.sparsity} of trial ${winner.trialNumber}`,
    folder,
    sliced,
    ...(provider === undefined ? {} : { provider }),
    ...(threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
  };
  const windows = await context.reportWindows();
  const verified = await verifyFolder({ ...common, profile, windows, masked });
  const checked = await checkRuntime({
    ...common,
    profile: profileRegistry[profile],
    window: windows[0],
    sourcePath: context.model.path,
    linkRoots: request.linkRoots ?? [],
    ...(request.python === undefined ? {} : { python: request.python }),
  });
  const input = await cardInput(request, ready, index, profile);
  await writeFile(join(folder, "README.md"), modelCard({ ...input, verified, checked }));
}

async function cardInput(
  { context, spec, report }: ArtefactRequest,
  { sliced, winner }: ReadyWinner,
  index: number,
  profile: ExportProfile,
): Promise<Omit<ModelCardInput, "verified" | "checked">> {
  const pruned = report.best[index];
  if (pruned === undefined)
    throw new RangeError(`the report has no entry for winner ${index} of trial ${winner.trialNumber}`);
  const improvement = report.improvement.find(({ sparsity }) => sparsity === winner.sparsity);
  const carried = await carriedFiles(context.model.path);
  return {
    sourceName: context.model.name,
    sourcePath: spec.model.path,
    licenceFile: carried.find(isLicence),
    profile,
    dense: report.dense,
    baseline: report.baselines.find(
      ({ name, sparsity }) => name === improvement?.baseline && sparsity === winner.sparsity,
    ),
    pruned,
    improvement,
    contamination: spec.contamination ?? [],
    denseShape: context.shape,
    shape: sliced.shape,
    reportCorpus: spec.report.corpus,
    reportWindows: spec.report.windows,
  };
}

/** What makes each model folder complete in itself: how to repeat it, and how it was found. */
async function writeDocuments(
  { spec, versions, trials, report }: ArtefactRequest,
  winner: ReadyWinner,
  hashes: InputHashes,
  folder: string,
): Promise<void> {
  await writeFile(join(folder, "recipe.json"), jsonText(recipe({ spec, hashes, versions, winners: [winner] })));
  await writeFile(join(folder, "search.json"), jsonText(searchLog(trials, report, spec.contamination ?? [])));
}
