import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** After SIGTERM a service hands its work back; after this time it is killed. */
const STOP_GRACE_MILLISECONDS = 10_000;
const RESTART_PAUSE_MILLISECONDS = 1_000;
const LOG_TAIL_CHARACTERS = 2_000;

export interface ServiceOptions {
  readonly name: string;
  /** Package export of the entry, e.g. `@espalier/api/main`. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** Flags of Node. */
  readonly nodeFlags?: readonly string[];
  readonly logFile: string;
  /** Starts it again when it ends unasked. */
  readonly restart: boolean;
}

/** A service in a process of its own, logging to a file. It ends with this process, whose end closes its channel. */
export interface ChildService {
  /** Rejects when the process ends before the first message of `kind` arrives. */
  message<T extends { readonly kind: string }>(kind: T["kind"]): Promise<T>;
  readonly pid: () => number | undefined;
  stop(): Promise<void>;
}

export function startService(options: ServiceOptions): ChildService {
  let stopping = false;
  let child = launch();

  function launch(): ChildProcess {
    const log = openSync(options.logFile, "a");
    const started = fork(fileURLToPath(import.meta.resolve(options.entry)), {
      env: { ...inherited(), ...options.env },
      stdio: ["ignore", log, log, "ipc"],
      execArgv: [...(options.nodeFlags ?? [])],
    });
    closeSync(log);
    started.once("exit", () => {
      if (options.restart) setTimeout(relaunch, RESTART_PAUSE_MILLISECONDS);
    });
    return started;
  }

  function relaunch(): void {
    if (!stopping) child = launch();
  }

  return {
    message: (kind) => firstMessage(child, kind, options),
    pid: () => child.pid,
    stop: async () => {
      stopping = true;
      await end(child);
    },
  };
}

/** The environment of this process without Espalier's own variables, which belong to the command line. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("ESPALIER_")));
}

function firstMessage<T extends { readonly kind: string }>(
  child: ChildProcess,
  kind: T["kind"],
  { name, logFile }: ServiceOptions,
): Promise<T> {
  return new Promise((resolve, reject) => {
    child.on("message", (message: T) => {
      if (message.kind === kind) resolve(message);
    });
    child.once("exit", async (code) => {
      const log = await readFile(logFile, "utf8").catch(() => "");
      reject(new Error(`${name} ended with ${code ?? "a signal"} at start:\n${log.slice(-LOG_TAIL_CHARACTERS)}`));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MILLISECONDS);
  await ended;
  clearTimeout(timer);
}
