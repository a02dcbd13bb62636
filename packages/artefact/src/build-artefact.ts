import { mkdir, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { ExportChecks, ExportProfile } from "@espalier/contracts";
import { isLicence } from "@espalier/model";
import { DEFAULT_MEMORY_BYTES, type Plan } from "@espalier/pruning";
import type { ArtefactRequest, ArtefactWinner, RecoveredWinner } from "./artefact-request.js";
import { CARD_FILE, RECIPE_FILE, SEARCH_FILE } from "./documents/document-files.js";
import { jsonText } from "./documents/json-text.js";
import { type ModelCardInput, modelCard } from "./documents/model-card.js";
import { placeless } from "./documents/placeless.js";
import { type InputHashes, recipe } from "./documents/recipe.js";
import { searchLog } from "./documents/search-log.js";
import { sourceName } from "./documents/source-name.js";
import { type ArtefactFile, describeFiles, jointSha256, writeChecksums } from "./durable/checksums.js";
import { openStagingFolder } from "./durable/staging-folder.js";
import { carriedFiles } from "./folder/copied-files.js";
import { inputHashes } from "./input-hashes.js";
import { profileRegistry } from "./profiles/registry.js";
import { withWeights } from "./slice/decoder-weights.js";
import { sliceModel } from "./slice/slice-model.js";
import type { SlicedModel } from "./slice/sliced-model.js";
import { checkRuntime } from "./verify/check-runtime.js";
import { exportChecks, type FolderChecks } from "./verify/export-checks.js";
import { verifyFolder } from "./verify/verify-folder.js";

/** One model of an artefact. */
export interface ArtefactFolder {
  /** Relative to the target; empty where the target itself is meant. */
  readonly name: string;
  readonly winner: ArtefactWinner;
  readonly profile: ExportProfile;
  readonly checks: ExportChecks;
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
  /** NLL sum per report window of the masked model, or of the recovered one. */
  readonly expected: Float64Array;
}

/**
 * Slices the winners, writes every profile, reads the files back and compares their losses with those of the search,
 * and makes the folder visible in one rename. The same request gives the same bytes. Throws AppError
 * EXPORT_VERIFICATION_FAILED; after an error or a kill nothing is visible at `target`.
 */
export async function buildArtefact(request: ArtefactRequest): Promise<BuiltArtefact> {
  const { winners, spec, target } = request;
  if (winners.length === 0) throw new RangeError("an artefact needs at least one winner");
  const profiles = profilesOf(request);
  if (spec.recovery.method !== "none" && request.recovered.length !== winners.length) {
    throw new RangeError(`${request.recovered.length} of ${winners.length} winners are recovered`);
  }
  if (request.flat && winners.length * profiles.length !== 1) {
    throw new RangeError(`flat: ${winners.length} winners in ${profiles.length} profiles`);
  }
  const steps = stepCounter(request, artefactSteps(request));
  const { context, corpusPaths, linkRoots = [] } = request;
  const hashes = await inputHashes({ model: context.model, spec, corpusPaths, linkRoots });
  const staging = await openStagingFolder(target, request.attempt);
  try {
    const files: ArtefactFile[] = [];
    const folders: ArtefactFolder[] = [];
    for (const [index, winner] of winners.entries()) {
      const ready = await prepare(request, winner, request.recovered[index]);
      steps.next();
      for (const profile of profiles) {
        const folder = folderOf(request, winner, profile);
        const path = join(staging.path, folder);
        const written = await writeFolder({ request, ready, index, profile, hashes, path });
        files.push(...written.files.map((file) => ({ ...file, name: posix.join(folder, file.name) })));
        folders.push({ name: folder, winner, profile, checks: exportChecks(written.checks) });
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
export const artefactSteps = (request: Pick<ArtefactRequest, "winners" | "spec" | "profiles">): number =>
  request.winners.length * (1 + profilesOf(request).length) + 1;

const profilesOf = ({ profiles, spec }: Pick<ArtefactRequest, "profiles" | "spec">): readonly ExportProfile[] =>
  profiles ?? spec.export.profiles;

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

async function prepare(
  { context, signal }: ArtefactRequest,
  winner: ArtefactWinner,
  recovered: RecoveredWinner | undefined,
): Promise<ReadyWinner> {
  const plan = await context.plan(winner.params, winner.sparsity);
  const compensated = await context.compensatedWeights(winner.params, plan);
  const sliced = sliceModel({ config: context.model.config, weights: context.weights, plan, compensated });
  if (recovered !== undefined) {
    return { winner, plan, sliced: withWeights(sliced, recovered.weights), expected: recovered.losses };
  }
  const expected = await context.maskedReportLosses(plan, compensated, signal === undefined ? {} : { signal });
  return { winner, plan, sliced, expected };
}

/** One sparsity: `native/`; several: `sparsity-0.2/native/`. */
function folderOf({ winners, flat }: ArtefactRequest, winner: ArtefactWinner, profile: ExportProfile): string {
  if (flat) return "";
  return winners.length === 1 ? profile : `sparsity-${winner.sparsity}/${profile}`;
}

interface FolderInput {
  readonly request: ArtefactRequest;
  readonly ready: ReadyWinner;
  /** Of the winner. */
  readonly index: number;
  readonly profile: ExportProfile;
  readonly hashes: InputHashes;
  /** Absolute. */
  readonly path: string;
}

/** One model with its documents, checked. */
async function writeFolder(
  input: FolderInput,
): Promise<{ readonly files: readonly ArtefactFile[]; readonly checks: FolderChecks }> {
  const checks = await writeAndVerify(input);
  const model = await describeFiles(input.path);
  await writeDocuments(input, checks, model);
  return { files: await writeChecksums(input.path, model), checks };
}

async function writeAndVerify({ request, ready, profile, path: folder }: FolderInput): Promise<FolderChecks> {
  const { context, provider, threads, signal } = request;
  const { sliced, expected, winner } = ready;
  await mkdir(folder, { recursive: true });
  await profileRegistry[profile].write(folder, {
    source: { ...context.model, name: sourceName(request.spec) },
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
  const verified = await verifyFolder({ ...common, profile, windows, masked: expected });
  const checked = await checkRuntime({
    ...common,
    profile: profileRegistry[profile],
    window: windows[0],
    sourcePath: context.model.path,
    linkRoots: request.linkRoots ?? [],
    ...(request.python === undefined ? {} : { python: request.python }),
  });
  return { verified, checked };
}

async function cardInput({
  request: { context, spec, report, samples, versions },
  ready: { sliced, winner },
  index,
  profile,
  hashes,
}: FolderInput): Promise<Omit<ModelCardInput, "verified" | "checked" | "sha256">> {
  const pruned = report.best[index];
  if (pruned === undefined)
    throw new RangeError(`the report has no entry for winner ${index} of trial ${winner.trialNumber}`);
  const improvement = report.improvement.find(({ sparsity }) => sparsity === winner.sparsity);
  const carried = await carriedFiles(context.model.path);
  return {
    sourceName: sourceName(spec),
    sourcePlace: "hub" in spec.model ? `${spec.model.hub}@${spec.model.revision}` : placeless(spec.model.path),
    licenceFile: carried.find(isLicence),
    profile,
    dense: report.dense,
    baseline: report.baselines.find(
      ({ name, sparsity }) => name === improvement?.baseline && sparsity === winner.sparsity,
    ),
    pruned,
    improvement,
    contamination: spec.contamination ?? [],
    samples,
    denseShape: context.shape,
    shape: sliced.shape,
    reportCorpus: spec.report.corpus,
    reportWindows: spec.report.windows,
    spec,
    params: winner.params,
    hashes,
    versions,
  };
}

/** What makes each model folder complete in itself: what it is, how to repeat it, and how it was found. */
async function writeDocuments(input: FolderInput, checks: FolderChecks, files: readonly ArtefactFile[]): Promise<void> {
  const { request, ready, profile, hashes, path } = input;
  const { spec, versions, trials, report, samples, provider = "cpu", memoryBytes = DEFAULT_MEMORY_BYTES } = request;
  const card = { ...(await cardInput(input)), ...checks, sha256: jointSha256(files) };
  await writeFile(join(path, CARD_FILE), modelCard(card));
  const execution = { provider, memory_bytes: memoryBytes };
  const made = recipe({ ...ready, spec, hashes, versions, execution, profile, files });
  await writeFile(join(path, RECIPE_FILE), jsonText(made));
  const log =
    request.searchLog ?? jsonText(searchLog({ trials, report, samples, contamination: spec.contamination ?? [] }));
  if (request.searchLog !== null) await writeFile(join(path, SEARCH_FILE), log);
}
