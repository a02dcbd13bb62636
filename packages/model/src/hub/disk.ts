import { statfs } from "node:fs/promises";
import { AppError } from "@espalier/contracts";
import { systemCode } from "../files/regular-file.js";

/** Left free for everything else on the disk. */
const RESERVE_BYTES = 256 * 1024 * 1024;

/** A step that writes; throws `STORAGE_FULL` where the disk takes no more. */
export async function diskErrors<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const code = systemCode(error);
    if (code !== "ENOSPC" && code !== "EDQUOT") throw error;
    throw new AppError(
      "STORAGE_FULL",
      "The disk is full. Make room where ESPALIER_HUB_DIR is; what is there is kept.",
      {
        cause: error,
      },
    );
  }
}

/** Throws `STORAGE_FULL` with need and have before a download that cannot fit is begun. */
export async function assertRoom(dir: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  const free = bavail * bsize;
  if (bytes + RESERVE_BYTES <= free) return;
  throw new AppError(
    "STORAGE_FULL",
    `${what} needs ${megabytes(bytes)} and ${megabytes(RESERVE_BYTES)} to spare; the disk of the hub's folder has ${megabytes(free)}. Make room, or set ESPALIER_HUB_DIR to another disk.`,
  );
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
