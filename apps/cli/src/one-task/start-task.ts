import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FromOneTask, ToOneTask } from "@espalier/contracts";
import { CliError, exitCodes } from "../cli-error.js";

/** Time to notice a cancel between two micro-batches. */
const KILL_GRACE_MILLISECONDS = 5_000;

const ERRORS_OF_THE_MACHINE = new Set([
  "INTERNAL",
  "COMPUTE_OUT_OF_MEMORY",
  "STORAGE_FULL",
  "EXPORT_VERIFICATION_FAILED",
]);

/** Work in a process of its own, which ends with this one. */
export interface TaskProcess<Outcome> {
  /** Throws CliError: exit code 2 for input that cannot be used, 1 for what went wrong while computing. */
  readonly outcome: Promise<Outcome>;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts a main module of the worker, such as `@espalier/worker/replay`. */
export function startTask<Request, Outcome, Progress>(
  entry: string,
  request: Request,
  onProgress: (progress: Progress) => void,
): TaskProcess<Outcome> {
  const child = fork(fileURLToPath(import.meta.resolve(entry)), {
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("ESPALIER_"))),
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const tell = (message: ToOneTask<Request>): void => {
    if (child.connected) child.send(message, () => undefined);
  };
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on("message", (message: FromOneTask<Outcome, Progress>) => {
      if (message.kind === "progress") onProgress(message.progress);
      else if (message.kind === "done") resolve(message.outcome);
      else {
        const exitCode = ERRORS_OF_THE_MACHINE.has(message.code) ? exitCodes.jobFailed : exitCodes.badInput;
        reject(new CliError(message.message, exitCode));
      }
    });
    child.once("exit", (code, signal) => {
      reject(
        new CliError(`The computing process ended in the middle (${signal ?? `code ${code}`}).`, exitCodes.jobFailed),
      );
    });
  });
  tell({ kind: "begin", request });
  return {
    outcome,
    stop: async () => {
      tell({ kind: "cancel" });
      const killer = setTimeout(() => child.kill("SIGKILL"), KILL_GRACE_MILLISECONDS);
      await Promise.race([exited, outcome.catch(() => undefined)]);
      child.kill("SIGKILL");
      await exited;
      clearTimeout(killer);
    },
  };
}
