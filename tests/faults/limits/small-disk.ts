import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder on a disk of its own that can be filled. */
export interface SmallDisk {
  /** Leaves no byte. */
  fill(): void;
  makeRoom(): void;
  /** Takes the disk away, with what lies on it. */
  remove(): void;
}

const SIZE = "96m";
const BALLAST = ".ballast";
const CHUNK = Buffer.alloc(64 * 1024);

const mount = (path: string): boolean =>
  spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE},mode=0777`, "tmpfs", path]).status === 0;

/** Whether this account may mount disks. */
export const canMountDisks: boolean = (() => {
  const probe = mkdtempSync(join(tmpdir(), "espalier-disk-"));
  const can = mount(probe);
  if (can) spawnSync("umount", [probe]);
  rmdirSync(probe);
  return can;
})();

/** Puts a small disk where a folder is to be. */
export function mountSmallDisk(path: string): SmallDisk {
  mkdirSync(path, { recursive: true });
  if (!mount(path)) throw new Error(`no disk can be mounted at ${path}`);
  const ballast = join(path, BALLAST);
  return {
    fill: () => {
      for (const chunk of [CHUNK, CHUNK.subarray(0, 1)]) {
        while (appends(ballast, chunk));
      }
    },
    makeRoom: () => rmSync(ballast),
    remove: () => void spawnSync("umount", ["--lazy", path]),
  };
}

function appends(path: string, bytes: Uint8Array): boolean {
  try {
    writeFileSync(path, bytes, { flag: "a" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") return false;
    throw error;
  }
}
