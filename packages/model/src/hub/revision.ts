import { AppError } from "@espalier/contracts";
import { z } from "zod";
import { companionFiles, isLicence } from "../files/companion-files.js";
import { closestNames } from "../paths/closest-names.js";
import { INDEX_FILE } from "../safetensors/read-index.js";
import { SINGLE_FILE } from "../safetensors/shards.js";
import { patiently } from "./patience.js";
import { askHub, boundedText, type HubHeaders, headerOf } from "./request.js";
import type { HubSettings } from "./settings.js";

/** What proves that a file arrived whole: SHA-256 of large (LFS) files, git's SHA-1 of a blob for small ones. */
export interface HubHash {
  readonly algorithm: "sha256" | "git-sha1";
  readonly hex: string;
}

/** A file of a revision. */
export interface HubFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly hash: HubHash;
}

/** One commit of a model, with those of its files that are used here. */
export interface HubRevision {
  readonly id: string;
  readonly commit: string;
  readonly files: ReadonlyMap<string, HubFile>;
  /** The first of its pickle files, which are never downloaded. */
  readonly pickle: string | undefined;
}

/** Listings of the largest repositories have some megabytes. */
const MAX_LISTING_BYTES = 32 * 1024 * 1024;
const MAX_NAMES = 200;

const sha1 = z.string().regex(/^[0-9a-f]{40}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const bytes = z.number().int().min(0);

const listing = z.object({
  sha: sha1,
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: bytes.optional(),
      blobId: sha1.optional(),
      lfs: z.object({ sha256, size: bytes }).nullish(),
    }),
  ),
});
type Sibling = z.infer<typeof listing>["siblings"][number];

const SHARD = /^model-\d+-of-\d+\.safetensors$/;
const PICKLE = /^[^/]*\.(?:bin|pt|pth|ckpt|pkl|pickle)$/i;

/** Whether a file of a repository is downloaded: config, tokenizer, licence, safetensors; never pickles, never code. */
const isWanted = (name: string): boolean =>
  name === "config.json" ||
  name === SINGLE_FILE ||
  name === INDEX_FILE ||
  companionFiles.has(name) ||
  SHARD.test(name) ||
  (isLicence(name) && /^[\w.-]{1,100}$/.test(name));

/** Path of a file of a revision, below the endpoint. */
export const filePath = (id: string, commit: string, name: string): string =>
  `/${id}/resolve/${commit}/${encodeURIComponent(name)}`;

/**
 * The commit that a branch, tag or commit names, and its files with sizes and hashes.
 * Throws `MODEL_NOT_FOUND` (with the closest names that exist), `HUB_ACCESS_DENIED`, `HUB_UNAVAILABLE`, `HUB_ADDRESS_REFUSED`.
 */
export async function resolveRevision(
  settings: HubSettings,
  id: string,
  revision: string,
  signal?: AbortSignal,
): Promise<HubRevision> {
  const path = `/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const what = `revision '${revision}'`;
  let parsed: z.infer<typeof listing>;
  try {
    parsed = await askJson(settings, { path, id, what, signal }, listing);
  } catch (error) {
    if (error instanceof AppError && error.code === "MODEL_NOT_FOUND") {
      throw await withClosest(settings, error, id, revision, signal);
    }
    throw error;
  }
  const { sha: commit, siblings } = parsed;
  const files = new Map<string, HubFile>();
  for (const sibling of siblings.filter(({ rfilename }) => isWanted(rfilename))) {
    files.set(
      sibling.rfilename,
      listedFile(sibling) ?? (await askFile(settings, id, commit, sibling.rfilename, signal)),
    );
  }
  return { id, commit, files, pickle: siblings.map(({ rfilename }) => rfilename).find((name) => PICKLE.test(name)) };
}

type JsonQuestion = Omit<Parameters<typeof askHub>[1], "method" | "headers">;

function askJson<T>(settings: HubSettings, question: JsonQuestion, schema: z.ZodType<T>): Promise<T> {
  const { signal } = question;
  return patiently({ signal, random: settings.random, baseMs: settings.retryBaseMs }, async () => {
    const text = await boundedText(await askHub(settings, question), MAX_LISTING_BYTES, question.what);
    const parsed = schema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    throw new AppError(
      "HUB_UNAVAILABLE",
      `What '${new URL(settings.endpoint).host}' answers for ${question.what} of '${question.id}' is not what a hub answers. Check ESPALIER_HUB_ENDPOINT.`,
      { cause: parsed.error },
    );
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listedFile({ rfilename: name, size, blobId, lfs }: Sibling): HubFile | undefined {
  if (lfs) return { name, sizeBytes: lfs.size, hash: { algorithm: "sha256", hex: lfs.sha256 } };
  if (size === undefined || blobId === undefined) return undefined;
  return { name, sizeBytes: size, hash: { algorithm: "git-sha1", hex: blobId } };
}

/** Mirrors that list only names tell the rest in the headers of each file. */
async function askFile(
  settings: HubSettings,
  id: string,
  commit: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<HubFile> {
  const question = { path: filePath(id, commit, name), id, what: `'${name}'`, signal } as const;
  const linked = await patiently({ signal, random: settings.random, baseMs: settings.retryBaseMs }, async () => {
    const answer = await askHub(settings, { ...question, method: "HEAD" });
    answer.body.resume();
    return answer.linked;
  });
  const sizeBytes = Number(headerOf(linked, "x-linked-size") ?? headerOf(linked, "content-length"));
  const hash = hashOf(linked);
  if (hash === undefined || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    throw new AppError("HUB_UNAVAILABLE", `The hub tells neither size nor hash of '${name}' of '${id}'.`);
  }
  return { name, sizeBytes, hash };
}

function hashOf(headers: HubHeaders): HubHash | undefined {
  const etag = headerOf(headers, "x-linked-etag") ?? headerOf(headers, "etag");
  const hex = etag?.replace(/^W\//, "").replaceAll('"', "") ?? "";
  if (sha256.safeParse(hex).success) return { algorithm: "sha256", hex };
  return sha1.safeParse(hex).success ? { algorithm: "git-sha1", hex } : undefined;
}

const refs = z.object({
  branches: z.array(z.object({ name: z.string() })),
  tags: z.array(z.object({ name: z.string() })).default([]),
});
const models = z.array(z.object({ id: z.string() }));

/** Adds names that exist: revisions of the model, else models of the same owner. What cannot be asked is left out. */
async function withClosest(
  settings: HubSettings,
  error: AppError,
  id: string,
  revision: string,
  signal: AbortSignal | undefined,
): Promise<AppError> {
  const ask = async <T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    try {
      const answer = await askHub(settings, { path, id, what: "the list of names", signal });
      return schema.safeParse(jsonOf(await boundedText(answer, MAX_LISTING_BYTES, "the list of names"))).data;
    } catch {
      signal?.throwIfAborted();
      return undefined;
    }
  };
  const owner = id.slice(0, id.indexOf("/"));
  const found = await ask(`/api/models/${id}/refs`, refs);
  const names =
    found === undefined
      ? (await ask(`/api/models?author=${encodeURIComponent(owner)}&limit=${MAX_NAMES}`, models))?.map(
          (model) => model.id,
        )
      : [...found.branches, ...found.tags].map(({ name }) => name);
  const closest = closestNames(found === undefined ? id : revision, names ?? []);
  if (closest.length === 0) return error;
  const offer = closest.map((name) => `'${name}'`).join(", ");
  return new AppError(error.code, `${error.message} The closest that exist: ${offer}.`, { cause: error });
}
