import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@espalier/contracts";
import { type Account, canTraverse } from "./account.js";
import type { Binaries } from "./binaries.js";

/** Name of the superuser of every embedded cluster; Postgres listens on loopback only and asks for the password. */
export const SUPERUSER = "postgres";

/**
 * Makes the folder of a cluster, owned by the account that Postgres runs as.
 * Throws AppError SERVICE_UNAVAILABLE when that account cannot reach it, as in root's home.
 */
export function makeClusterFolder(dir: string, account: Account | undefined): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (!account) return;
  chownSync(dir, account.uid, account.gid);
  if (canTraverse(dir, account)) return;
  throw new AppError(
    "SERVICE_UNAVAILABLE",
    `The embedded Postgres runs as account ${account.uid}, since it refuses root, and that account cannot reach '${dir}'. ` +
      "Choose another folder in ESPALIER_DATA_DIR, or start Espalier as another user.",
  );
}

/** Password of the cluster's superuser, made at the first start and kept beside the data. */
export function clusterPassword(dir: string, account: Account | undefined): string {
  const file = join(dir, "password");
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(24).toString("hex"), { mode: 0o600 });
    if (account) chownSync(file, account.uid, account.gid);
  }
  return readFileSync(file, "utf8").trim();
}

/**
 * Runs initdb unless `<dir>/data` exists already; a run that was killed leaves only `data.new`, which is begun again.
 * Throws AppError SERVICE_UNAVAILABLE with initdb's own words.
 */
export function initCluster(dir: string, binaries: Binaries, account: Account | undefined, durable: boolean): void {
  const data = join(dir, "data");
  if (existsSync(data)) return;
  const unfinished = join(dir, "data.new");
  rmSync(unfinished, { recursive: true, force: true });
  clusterPassword(dir, account);
  const run = spawnSync(
    binaries.initdb,
    [
      ...["-D", unfinished, "-U", SUPERUSER, "-E", "UTF8", "--locale=C", "--no-instructions"],
      ...["-A", "scram-sha-256", `--pwfile=${join(dir, "password")}`],
      ...(durable ? [] : ["--no-sync"]),
    ],
    { ...account, cwd: dir, encoding: "utf8", env: cleanEnvironment() },
  );
  if (run.status !== 0) {
    throw new AppError(
      "SERVICE_UNAVAILABLE",
      `The embedded Postgres could not make its data folder '${data}': ${(run.stderr || String(run.error)).trim()}`,
    );
  }
  renameSync(unfinished, data);
}

/** Our environment without what would change the server: PG* variables and foreign locales. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("PG") && !name.startsWith("LC_"));
  return { ...Object.fromEntries(kept), LC_ALL: "C", TZ: "UTC" };
}
