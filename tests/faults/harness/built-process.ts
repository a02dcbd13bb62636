import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { repository } from "../../e2e/repository.js";

export interface ProcessOptions {
  readonly app: "api" | "worker";
  readonly env: Readonly<Record<string, string>>;
  /** Flags of Node, such as `--import` of a module that shifts the clock. */
  readonly execArgv?: readonly string[];
}

/** A built API or worker: a process of its own, told by its environment alone, whose every output is kept. */
export interface BuiltProcess {
  readonly app: ProcessOptions["app"];
  readonly pid: number;
  /** Its first message, which it sends when it is ready. */
  readonly ready: unknown;
  readonly isAlive: () => boolean;
  readonly output: () => string;
  /** Lines of its log, parsed. */
  readonly lines: () => readonly Readonly<Record<string, unknown>>[];
  /** Sends a signal to this process alone. */
  signal(name: "SIGTERM" | "SIGSTOP" | "SIGCONT"): void;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** The same with its children, also those that are suspended and would not notice. */
  killWithChildren(): Promise<void>;
  /** Exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Process ids of its children. */
  children(): readonly number[];
}

/** Starts `apps/<app>` as built and waits until it is ready. Rejects with its output when it ends before. */
export async function startBuilt({ app, env, execArgv = [] }: ProcessOptions): Promise<BuiltProcess> {
  const child = fork(repository(`apps/${app}/dist/main.js`), [], {
    execArgv: [...execArgv],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { PATH: process.env["PATH"], ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = once(child, "exit").then(([code]) => code as number | null);
  const early = ended.then((code) => Promise.reject(new Error(`the ${app} ended with ${code}: ${output}`)));
  const [ready] = await Promise.race([once(child, "message"), early]);
  early.catch(() => undefined);
  const pid = child.pid ?? 0;
  return {
    app,
    pid,
    ready,
    isAlive: () => isAlive(child),
    output: () => output,
    lines: () => linesOf(output),
    signal: (name) => void child.kill(name),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    killWithChildren: async () => {
      for (const child of childrenOf(pid)) process.kill(child, "SIGKILL");
      child.kill("SIGKILL");
      await ended;
    },
    ended,
    children: () => childrenOf(pid),
  };
}

const isAlive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** What stderr wrote into the middle of a line makes it no JSON. */
function linesOf(output: string): readonly Readonly<Record<string, unknown>>[] {
  return output.split("\n").flatMap((line) => {
    try {
      return line.startsWith("{") ? [JSON.parse(line)] : [];
    } catch {
      return [];
    }
  });
}

/** Process ids whose parent is `pid`; slim Linux images have no `ps`. */
function childrenOf(pid: number): readonly number[] {
  const told = `/proc/${pid}/task/${pid}/children`;
  if (existsSync(told)) return readFileSync(told, "utf8").trim().split(" ").filter(Boolean).map(Number);
  const listed = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  return listed.split("\n").flatMap((line) => {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    return parent === pid && child !== undefined ? [child] : [];
  });
}
