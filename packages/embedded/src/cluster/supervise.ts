import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Account } from "./account.js";
import { cleanEnvironment } from "./init-cluster.js";

export interface Supervised {
  readonly isDead: () => boolean;
  /** Fast shutdown: open transactions are rolled back, the data is left clean. */
  stop(): Promise<void>;
}

/**
 * Runs the server so that it never outlives us. A plain child survives a parent that is killed; this one runs under a
 * shell that reads a pipe from us. However we die, the system closes the pipe, `cat` ends, and the server gets SIGINT.
 */
export function supervise(
  program: string,
  args: readonly string[],
  dir: string,
  account: Account | undefined,
): Supervised {
  const child =
    process.platform === "win32" ? spawnPlain(program, args, dir) : spawnUnderPipe(program, args, dir, account);
  let dead = false;
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  }).then(() => {
    dead = true;
  });
  // Our event loop may end while the server runs: the pipe closes then, which is the signal.
  child.unref();
  return {
    isDead: () => dead,
    async stop() {
      child.ref();
      child.stdin?.end();
      if (process.platform === "win32") child.kill();
      await ended;
    },
  };
}

function spawnUnderPipe(
  program: string,
  args: readonly string[],
  dir: string,
  account: Account | undefined,
): ChildProcess {
  const command = [program, ...args].map(quote).join(" ");
  const script = [
    "exec 3<&0",
    `${command} </dev/null >>${quote(join(dir, "log"))} 2>&1 3<&- & server=$!`,
    "(cat <&3 >/dev/null; kill -INT $server 2>/dev/null) & watcher=$!",
    "exec 3<&-",
    "wait $server; code=$?",
    "kill $watcher 2>/dev/null",
    "exit $code",
  ].join("\n");
  // Detached: a Ctrl-C in the terminal reaches us alone, and we shut the server down in our own order.
  const child = spawn("/bin/sh", ["-c", script], {
    ...account,
    cwd: dir,
    env: cleanEnvironment(),
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  child.stdin.on("error", () => undefined); // EPIPE when the server went first
  return child;
}

/** Windows has no such shell: a server left behind by a killed parent is adopted at the next start. */
function spawnPlain(program: string, args: readonly string[], dir: string): ChildProcess {
  return spawn(program, args, { cwd: dir, env: cleanEnvironment(), stdio: ["pipe", "ignore", "ignore"] });
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
