import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@espalier/contracts";
import { assertRoom, diskErrors } from "./disk.js";
import { downloadAll, missingFiles } from "./download-all.js";
import { blobPath } from "./download-blob.js";
import { hubFolder, hubIdOf, isCommit, repositoryDir } from "./hub-id.js";
import { outlineWeights } from "./outline-weights.js";
import { type HubFile, type HubRevision, resolveRevision } from "./revision.js";
import { isFolder, publishFolder } from "./revision-folder.js";
import type { HubCall, HubSettings } from "./settings.js";
import { smallFiles, weightFiles } from "./wanted-weights.js";

/** Ends the name of a folder whose weights are outlines; such a name is no commit. */
const OUTLINE = ".outline";

/** A model of the hub at one commit, and the folder that it is in. */
export interface HubModel {
  readonly hub: string;
  readonly commit: string;
  readonly path: string;
}

export interface Hub {
  /**
   * The commit of a revision and a folder that can be checked like the model's own: config, tokenizer, index, and weights
   * that have headers and sizes alone. The whole model's folder, where it is here already.
   */
  outline(id: string, revision: string, call?: HubCall): Promise<HubModel>;
  /**
   * The folder of the whole model. Goes on where an earlier download ended, in this process or another; every file is
   * checked against the hub's hash.
   */
  download(id: string, revision: string, call?: HubCall): Promise<HubModel>;
}

/**
 * Models of a Hugging Face hub, kept below `settings.dir`. All calls throw `MODEL_NOT_FOUND`, `MODEL_FORMAT_UNSAFE`,
 * `MODEL_FILE_MALFORMED`, `HUB_CLOSED`, `HUB_ACCESS_DENIED`, `HUB_ADDRESS_REFUSED`, `HUB_FILE_DAMAGED`, `HUB_TOO_LARGE`,
 * `HUB_UNAVAILABLE` and `STORAGE_FULL`.
 */
export function openHub(settings: HubSettings): Hub {
  const madeBy =
    (make: typeof makeWhole): Hub["download"] =>
    async (id, revision, call = {}) => {
      const kept = await keptModel(settings, id, revision);
      if (kept !== undefined) return kept;
      if (!settings.isOpen) throw closed(id);
      const found = await resolveRevision(settings, id, revision, call.signal);
      return (await keptModel(settings, id, found.commit)) ?? make(settings, found, call);
    };
  return { outline: madeBy(makeOutline), download: madeBy(makeWhole) };
}

const closed = (id: string): AppError =>
  new AppError(
    "HUB_CLOSED",
    `The model '${id}' is not downloaded here, and this service downloads none. Name a model with 'path', or ask its operator to set ESPALIER_HUB=true.`,
  );

/** A commit that is here needs no network. */
async function keptModel({ dir }: HubSettings, id: string, revision: string): Promise<HubModel | undefined> {
  if (!isCommit(revision)) return undefined;
  const path = hubFolder(dir, id, revision);
  return (await isFolder(path)) ? { hub: id, commit: revision, path } : undefined;
}

interface Prepared {
  readonly blobDir: string;
  readonly small: readonly HubFile[];
  readonly weights: readonly HubFile[];
}

/** Downloads all but the weights, and says which files the weights are. */
async function prepare(settings: HubSettings, revision: HubRevision, { signal }: HubCall): Promise<Prepared> {
  const blobDir = join(repositoryDir(settings.dir, revision.id), "blobs");
  await diskErrors(() => mkdir(blobDir, { recursive: true }));
  const small = smallFiles(revision);
  await downloadAll({ settings, revision, files: small, blobDir, signal, onProgress: undefined });
  const weights = await weightFiles(revision, ({ hash }) => blobPath(blobDir, hash));
  const bytes = weights.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (bytes > settings.maxBytes) {
    throw new AppError(
      "HUB_TOO_LARGE",
      `The weights of '${revision.id}' have ${bytes} bytes; ESPALIER_HUB_MAX_BYTES allows ${settings.maxBytes}.`,
    );
  }
  return { blobDir, small, weights };
}

const placed = (blobDir: string, files: readonly HubFile[]) =>
  files.map(({ name, hash }) => ({ name, content: blobPath(blobDir, hash) }));

async function makeOutline(settings: HubSettings, revision: HubRevision, call: HubCall): Promise<HubModel> {
  const { id: hub, commit } = revision;
  const path = hubFolder(settings.dir, hub, commit) + OUTLINE;
  if (await isFolder(path)) return { hub, commit, path };
  const { blobDir, small, weights } = await prepare(settings, revision, call);
  await publishFolder(path, placed(blobDir, small), async (staging) => {
    for (const file of weights) await outlineWeights({ settings, revision, signal: call.signal }, file, staging);
  });
  return { hub, commit, path };
}

async function makeWhole(settings: HubSettings, revision: HubRevision, call: HubCall): Promise<HubModel> {
  const { id: hub, commit } = revision;
  const { blobDir, small, weights } = await prepare(settings, revision, call);
  const missing = await missingFiles(blobDir, weights, async (path) => (await stat(path).catch(() => null)) !== null);
  const bytes = missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) - (await partialBytes(blobDir));
  await assertRoom(blobDir, bytes, `The model '${hub}'`);
  const { signal, onProgress } = call;
  await downloadAll({ settings, revision, files: weights, blobDir, signal, onProgress });
  const path = hubFolder(settings.dir, hub, commit);
  await diskErrors(() => publishFolder(path, placed(blobDir, [...small, ...weights])));
  return { hub, commit, path };
}

/** What earlier downloads left counts as room that is taken already. */
async function partialBytes(blobDir: string): Promise<number> {
  let bytes = 0;
  for (const name of (await readdir(blobDir)).filter((each) => each.endsWith(".partial"))) {
    bytes += (await stat(join(blobDir, name)).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}

/** Models that were downloaded whole, by name. */
export async function keptModels(dir: string): Promise<readonly HubModel[]> {
  const kept: HubModel[] = [];
  for (const folder of (await readdir(dir).catch(() => [])).sort()) {
    const hub = hubIdOf(folder);
    if (hub === undefined) continue;
    for (const commit of (await readdir(join(dir, folder)).catch(() => [])).filter(isCommit).sort()) {
      kept.push({ hub, commit, path: join(dir, folder, commit) });
    }
  }
  return kept;
}
