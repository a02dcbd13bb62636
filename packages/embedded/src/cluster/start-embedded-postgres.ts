import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@espalier/contracts";
import { postgresAccount } from "./account.js";
import { findBinaries } from "./binaries.js";
import { clusterPassword, initCluster, makeClusterFolder, SUPERUSER } from "./init-cluster.js";
import { choosePort } from "./ports.js";
import { waitUntilAnswers } from "./probe.js";
import { findLiveServer } from "./running.js";
import { serverSettings } from "./server-settings.js";
import { type Supervised, supervise } from "./supervise.js";

export interface EmbeddedPostgresOptions {
  /** Folder of the cluster: data, log, password and port. Made when absent. */
  readonly dir: string;
  /** Default: the port of the last start, else a free one. */
  readonly port?: number;
  /** False trades safety for speed (no fsync): for throw-away clusters only. Default true. */
  readonly durable?: boolean;
}

export interface EmbeddedPostgres {
  /** Of the database `postgres`, with the password; `createDatabase` makes others. */
  readonly url: string;
  /** The server ran already, started by another process: `stop` leaves it to that one. */
  readonly adopted: boolean;
  stop(): Promise<void>;
}

/** After a crash the old server's children may hold its memory for a moment; Postgres then refuses to start. */
const START_ATTEMPTS = 20;
const ATTEMPT_PAUSE_MS = 500;
const START_SECONDS = 60;

/**
 * Starts the real Postgres of the npm platform packages and waits until it answers. It stops when this process ends in
 * any way. A live server of the same folder is adopted.
 * Rejects with AppError SERVICE_UNAVAILABLE that carries the last lines of the server's log.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dir = resolve(options.dir);
  const durable = options.durable ?? true;
  const account = postgresAccount();
  makeClusterFolder(dir, account);
  const password = clusterPassword(dir, account);
  const urlAt = (port: number) => `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;

  const live = await findLiveServer(dir, urlAt);
  if (live !== undefined) return { url: live, adopted: true, stop: async () => {} };

  const binaries = findBinaries(dir, account);
  initCluster(dir, binaries, account, durable);
  const port = await choosePort(dir, options.port);
  const args = ["-D", join(dir, "data"), "-p", String(port), ...serverSettings(durable)];
  const server = await startWithRetry(() => supervise(binaries.postgres, args, dir, account), urlAt(port), dir);
  return { url: urlAt(port), adopted: false, stop: server.stop };
}

async function startWithRetry(start: () => Supervised, url: string, dir: string): Promise<Supervised> {
  for (let attempt = 1; ; attempt++) {
    const server = start();
    if (await waitUntilAnswers(url, server.isDead, START_SECONDS)) return server;
    await server.stop();
    const log = lastLines(dir);
    const isHeldByOldServer = /pre-existing shared memory|lock file "postmaster.pid" already exists/.test(log);
    if (!isHeldByOldServer || attempt === START_ATTEMPTS) {
      throw new AppError("SERVICE_UNAVAILABLE", `The embedded Postgres in '${dir}' does not start:\n${log}`);
    }
    await sleep(ATTEMPT_PAUSE_MS);
  }
}

function lastLines(dir: string): string {
  const file = join(dir, "log");
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").slice(-8).join("\n") : "(no log)";
}
