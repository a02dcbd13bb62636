import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the server's own pid file tells; the file is Postgres's to write and to remove. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
}

/** The server that holds `<dir>/data`, if its process is alive. */
export function runningServer(dir: string): RunningServer | undefined {
  const file = join(dir, "data", "postmaster.pid");
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, "utf8").split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return pid > 0 && port > 0 && isAlive(pid) ? { pid, port } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // alive, under another account
  }
}
