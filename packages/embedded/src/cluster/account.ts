import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "@espalier/contracts";

/** A system account by number. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account that Postgres runs as: our own (`undefined`), but for root, whom Postgres refuses: then `postgres`,
 * else `nobody`. Throws AppError SERVICE_UNAVAILABLE when a root process finds neither.
 */
export function postgresAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const rows = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const row = rows.find(([account]) => account === name);
    if (row) return { uid: Number(row[2]), gid: Number(row[3]) };
  }
  throw new AppError(
    "SERVICE_UNAVAILABLE",
    "Postgres does not run as root, and there is no account 'postgres' or 'nobody' to run it as. Start Espalier as another user.",
  );
}

/** Whether `account` may pass through every folder down to `path`. */
export function canTraverse(path: string, account: Account): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bits = uid === account.uid ? mode >> 6 : gid === account.gid ? mode >> 3 : mode;
    if ((bits & 1) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
