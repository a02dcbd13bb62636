import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { applyMigrations, createDatabase, startEmbeddedPostgres } from "@espalier/embedded";

/** A Postgres of one place alone, which may be killed. */
export interface PostgresServer {
  /** Of the migrated database. It stays the same over restarts. */
  readonly url: string;
  readonly pid: () => number;
  /** SIGKILL of the server; its backends end by themselves. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(dir: string): Promise<PostgresServer> {
  // Durable: without, a kill takes back what was committed a moment ago, and no service survives that.
  let server = await startEmbeddedPostgres({ dir });
  const url = await createDatabase(server.url, "espalier");
  await applyMigrations(url);
  const port = Number(new URL(url).port);
  const pid = () => Number(readFileSync(join(dir, "data", "postmaster.pid"), "utf8").split("\n")[0]);
  return {
    url,
    pid,
    kill: async () => {
      const killed = pid();
      process.kill(killed, "SIGKILL");
      while (isRunning(killed)) await sleep(20);
    },
    start: async () => {
      server = await startEmbeddedPostgres({ dir, port });
    },
    stop: () => server.stop(),
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
