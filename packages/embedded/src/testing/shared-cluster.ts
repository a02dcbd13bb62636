import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { postgresAccount } from "../cluster/account.js";
import { findBinaries } from "../cluster/binaries.js";
import {
  cleanEnvironment,
  clusterPassword,
  initCluster,
  makeClusterFolder,
  SUPERUSER,
} from "../cluster/init-cluster.js";
import { choosePort } from "../cluster/ports.js";
import { waitUntilAnswers } from "../cluster/probe.js";
import { serverSettings } from "../cluster/server-settings.js";
import { createDatabase } from "../databases.js";
import { applyMigrations } from "../migrations.js";

/** Database with all migrations; test databases are copies of it. */
export const TEMPLATE = "espalier_template";

const START_SECONDS = 60;

/**
 * URL of the throw-away cluster that all processes of one test run share. The first process that asks starts it; it
 * stops, and its folder goes, when the run's main process ends.
 */
export async function sharedCluster(): Promise<string> {
  const owner = process.env["VITEST"] === undefined ? process.pid : process.ppid; // vitest runs files in children
  const dir = join(tmpdir(), `espalier-test-postgres-${owner}`);
  const ready = join(dir, "ready");
  if (claim(dir)) {
    const url = await startFor(owner, dir);
    writeFileSync(`${ready}.new`, url);
    renameSync(`${ready}.new`, ready);
    return url;
  }
  for (let waited = 0; waited < START_SECONDS * 1000; waited += 50) {
    if (existsSync(ready)) return readFileSync(ready, "utf8");
    await sleep(50);
  }
  throw new Error(
    `The test Postgres in '${dir}' did not start. Its log is beside it; remove the folder and try again.`,
  );
}

/** Making a folder succeeds for one process only. */
function claim(dir: string): boolean {
  try {
    mkdirSync(dir, { mode: 0o700 });
    return true;
  } catch {
    return false;
  }
}

async function startFor(owner: number, dir: string): Promise<string> {
  const account = postgresAccount();
  makeClusterFolder(dir, account);
  const binaries = findBinaries(dir, account);
  initCluster(dir, binaries, account, false);
  const port = await choosePort(dir, undefined);
  const log = openSync(join(dir, "log"), "a");
  const server = spawn(binaries.postgres, ["-D", join(dir, "data"), "-p", String(port), ...serverSettings(false)], {
    ...account,
    cwd: dir,
    env: cleanEnvironment(),
    stdio: ["ignore", log, log],
    detached: true,
  });
  server.unref();
  stopWithOwner(owner, server.pid ?? 0, dir);
  const url = `postgresql://${SUPERUSER}:${clusterPassword(dir, account)}@127.0.0.1:${port}/postgres`;
  if (!(await waitUntilAnswers(url, () => server.exitCode !== null, START_SECONDS))) {
    throw new Error(`The test Postgres does not start:\n${readFileSync(join(dir, "log"), "utf8").slice(-800)}`);
  }
  await applyMigrations(await createDatabase(url, TEMPLATE));
  return url;
}

/** The process that started the server may end long before the run does, so a small shell watches the run's main process. */
function stopWithOwner(owner: number, server: number, dir: string): void {
  const script = `while kill -0 ${owner} 2>/dev/null; do sleep 1; done; kill -INT ${server}; sleep 2; rm -rf "$0"`;
  spawn("/bin/sh", ["-c", script, dir], { cwd: tmpdir(), stdio: "ignore", detached: true }).unref();
}
