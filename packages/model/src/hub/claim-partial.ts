import { randomBytes, randomInt } from "node:crypto";
import { type FileHandle, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemCode } from "../files/regular-file.js";

const SUFFIX = ".partial";
/** A holder touches its file this often, also while it waits for the hub. */
const TOUCH_MS = 3_000;
/** A file that nobody touched for this long belongs to a process that is gone. */
const STALE_MS = 15_000;
const POLL_MS = 500;
const MAX_YIELD_MS = 100;

/** A file that is being filled, by this download alone. */
export interface Partial {
  readonly handle: FileHandle;
  /** Gives the file its name, whole. */
  finish(): Promise<void>;
  /** Leaves what is there for the next one. */
  release(): Promise<void>;
  /** Throws it away. */
  discard(): Promise<void>;
}

export interface ClaimOptions {
  readonly now: () => number;
  readonly signal: AbortSignal | undefined;
  /** Bytes that another process has so far, while it is waited for. */
  readonly onWaiting: (bytes: number) => void;
}

/**
 * Takes over what an earlier download left of `path`, or begins a new file; waits while another process fills it.
 * Undefined: the file is complete. Names decide: a rename succeeds for one process alone, so that no two write to one file.
 */
export async function claimPartial(path: string, options: ClaimOptions): Promise<Partial | undefined> {
  const { now, signal, onWaiting } = options;
  const pause = async (ms: number): Promise<void> => {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  };
  for (;;) {
    signal?.throwIfAborted();
    if (await exists(path)) return undefined;
    const left = await partialsOf(path);
    const holder = left.find((each) => isHeld(path, each, now()));
    if (holder !== undefined) {
      onWaiting(holder.bytes);
      await pause(POLL_MS);
      continue;
    }
    const own = `${path}.${randomBytes(6).toString("hex")}${SUFFIX}`;
    const [largest] = [...left].sort((a, b) => b.bytes - a.bytes);
    if (largest !== undefined && !(await renamed(largest.file, own))) continue;
    const handle = await open(own, largest === undefined ? "wx+" : "r+");
    const partial = heldPartial(path, own, handle, now);
    await touch(own, now());
    // Two may have looked before either began: of those that see each other now, chance decides who stays away.
    if (!(await partialsOf(path)).some((each) => each.file !== own && isHeld(path, each, now()))) return partial;
    await partial.release();
    await pause(randomInt(MAX_YIELD_MS));
  }
}

/** Whether a process works on it: whoever gives a file back takes its own name off. */
const isHeld = (path: string, { file, changedMs }: Left, nowMs: number): boolean =>
  file !== path + SUFFIX && nowMs - changedMs < STALE_MS;

const touch = (file: string, nowMs: number): Promise<void> => utimes(file, nowMs / 1000, nowMs / 1000);

function heldPartial(path: string, own: string, handle: FileHandle, now: () => number): Partial {
  const touching = setInterval(() => void touch(own, now()).catch(() => undefined), TOUCH_MS);
  touching.unref();
  const close = async (): Promise<void> => {
    clearInterval(touching);
    await handle.close();
  };
  return {
    handle,
    finish: async () => {
      await handle.sync();
      await close();
      await rename(own, path);
    },
    release: async () => {
      await close();
      await renamed(own, path + SUFFIX);
    },
    discard: async () => {
      await close();
      await rm(own, { force: true });
    },
  };
}

interface Left {
  readonly file: string;
  readonly bytes: number;
  readonly changedMs: number;
}

async function partialsOf(path: string): Promise<readonly Left[]> {
  const dir = dirname(path);
  const names = (await readdir(dir)).filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith(SUFFIX));
  const found = await Promise.all(
    names.map(async (name) => {
      const stats = await stat(join(dir, name)).catch(() => undefined);
      return stats && { file: join(dir, name), bytes: stats.size, changedMs: stats.mtimeMs };
    }),
  );
  return found.filter((left) => left !== undefined);
}

/** False when the file is gone: another process was quicker. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
