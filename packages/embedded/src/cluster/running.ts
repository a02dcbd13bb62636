import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { answers } from "./probe.js";

/** What the server's own pid file tells; the file is Postgres's to write and to remove. */
interface RunningServer {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

/** A server whose owner has just died answers for a moment before it begins to stop. */
const OWNER_DEATH_MS = 500;
const STOP_SECONDS = 60;

/**
 * URL of the server that holds `<dir>/data` and is here to stay; waits for one that is stopping. Undefined when there is
 * none, or when the recorded process is not a server that answers: Postgres judges a stale pid file itself.
 */
export async function findLiveServer(dir: string, urlAt: (port: number) => string): Promise<string | undefined> {
  for (let waited = 0; waited < STOP_SECONDS * 1000; waited += OWNER_DEATH_MS) {
    const server = runningServer(dir);
    if (!server) return undefined;
    const isAnswering = await answers(urlAt(server.port));
    if (server.isReady && !isAnswering) return undefined;
    await sleep(OWNER_DEATH_MS);
    const after = runningServer(dir);
    if (isAnswering && after?.pid === server.pid && after.isReady) return urlAt(server.port);
  }
  return undefined;
}

/** Lines of the file: 1 process id, 4 port, 8 `starting`, `ready` or `stopping`. */
function runningServer(dir: string): RunningServer | undefined {
  const file = join(dir, "data", "postmaster.pid");
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, "utf8").split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!(pid > 0 && port > 0 && isAlive(pid))) return undefined;
  return { pid, port, isReady: lines[7]?.trim() === "ready" };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // alive, under another account
  }
}
