import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FinishedPiece, StageProgress } from "@espalier/pipeline";
import { childEnvironment } from "./child-environment.js";
import { exitError } from "./exit-error.js";
import type { ComputeResults, ComputeSettings, ComputeTask, FromChild, ToChild } from "./messages.js";
import { countOomKills } from "./oom-kills.js";
import { fromWire } from "./wire-error.js";

/** Time for a child to notice a cancel between two micro-batches before it is killed. */
const DEFAULT_KILL_GRACE_MS = 5_000;

/** Kept of a child's stderr, for its last words. */
const STDERR_TAIL_CHARS = 4_000;

export interface ComputeChildOptions {
  /** Built module that the child runs. */
  readonly entry: URL;
  readonly settings: ComputeSettings;
  readonly killGraceMs?: number;
  /** A part of a job's task is done and took that long. */
  readonly onMeasured?: (jobId: string, piece: FinishedPiece) => void;
  /** A line that the child wrote on stderr. */
  readonly onStderr?: (text: string) => void;
  /** Brings statistics to this machine that another one keeps, if there are any; never rejects. */
  readonly fetchStatistics?: (key: string, signal: AbortSignal) => Promise<void>;
}

/** One forked process; at most one task at a time. */
export interface ComputeChild {
  readonly pid: number | undefined;
  readonly alive: boolean;
  /** Memory it held after its last task, in bytes. */
  readonly rssBytes: number;
  /**
   * Rejects with the child's AppError; COMPUTE_LOST or COMPUTE_OUT_OF_MEMORY when it died; the signal's reason when
   * aborted, after the child has stopped working on it (or was killed).
   */
  run<K extends ComputeTask["kind"]>(
    task: Extract<ComputeTask, { kind: K }>,
    signal: AbortSignal,
    onProgress?: (progress: StageProgress) => void,
  ): Promise<ComputeResults[K]>;
  kill(): Promise<void>;
}

/** Forks a child and tells it its settings. It ends when this process ends, however it ends. */
export function forkComputeChild(options: ComputeChildOptions): ComputeChild {
  const child = fork(fileURLToPath(options.entry), [], {
    serialization: "advanced",
    execArgv: [],
    env: childEnvironment(process.env),
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const state = { alive: true, rssBytes: 0, stderrTail: "", nextId: 0, busy: false };
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => {
      state.alive = false;
      resolve();
    });
  });
  // Sending to a child that died a moment ago fails here; its exit tells the story.
  child.on("error", () => undefined);
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    state.stderrTail = (state.stderrTail + text).slice(-STDERR_TAIL_CHARS);
    options.onStderr?.(text);
  });
  send(child, { kind: "configure", settings: options.settings });
  return {
    get pid() {
      return child.pid;
    },
    get alive() {
      return state.alive;
    },
    get rssBytes() {
      return state.rssBytes;
    },
    run: async (task, signal, onProgress) => {
      if (state.busy) throw new RangeError(`compute child ${child.pid} is busy; ask it one task at a time`);
      signal.throwIfAborted();
      state.busy = true;
      try {
        const id = state.nextId++;
        return (await runTask({ child, id, task, signal, onProgress, state, options })) as never;
      } finally {
        state.busy = false;
      }
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

interface RunningTask {
  readonly child: ChildProcess;
  readonly id: number;
  readonly task: ComputeTask;
  readonly signal: AbortSignal;
  readonly onProgress: ((progress: StageProgress) => void) | undefined;
  readonly state: { alive: boolean; rssBytes: number; stderrTail: string };
  readonly options: ComputeChildOptions;
}

function runTask(running: RunningTask): Promise<ComputeResults[keyof ComputeResults]> {
  const { child, id, task, signal, onProgress, state, options } = running;
  const killsBefore = countOomKills();
  return new Promise((resolve, reject) => {
    let killer: NodeJS.Timeout | undefined;
    const settle = (finish: () => void): void => {
      clearTimeout(killer);
      signal.removeEventListener("abort", cancel);
      child.off("message", onMessage).off("exit", onExit);
      finish();
    };
    const cancel = (): void => {
      send(child, { kind: "cancel", id });
      killer = setTimeout(() => child.kill("SIGKILL"), options.killGraceMs ?? DEFAULT_KILL_GRACE_MS);
    };
    const onMessage = (message: FromChild): void => {
      if (message.id !== id) return;
      if (message.kind === "measured") {
        if (task.kind !== "calibrate") options.onMeasured?.(task.job.jobId, message.piece);
        return;
      }
      if (message.kind === "progress") {
        onProgress?.(message.progress);
        return;
      }
      if (message.kind === "fetch") {
        const fetched = options.fetchStatistics?.(message.key, signal) ?? Promise.resolve();
        void fetched.then(() => send(child, { kind: "fetched", id }));
        return;
      }
      state.rssBytes = message.rssBytes;
      settle(() => {
        if (signal.aborted) reject(signal.reason);
        else if (message.kind === "done") resolve(message.result);
        else reject(fromWire(message.error));
      });
    };
    const onExit = (code: number | null, signalName: NodeJS.Signals | null): void => {
      const memoryKill = (countOomKills() ?? 0) > (killsBefore ?? Number.POSITIVE_INFINITY);
      settle(() => {
        if (signal.aborted) reject(signal.reason);
        else reject(exitError({ code, signal: signalName, stderrTail: state.stderrTail, memoryKill }));
      });
    };
    child.on("message", onMessage).once("exit", onExit);
    signal.addEventListener("abort", cancel, { once: true });
    if (!state.alive) onExit(child.exitCode, child.signalCode);
    else send(child, { kind: "run", id, task });
  });
}

/** A closed channel means that the child is going; its exit event settles what waits. */
function send(child: ChildProcess, message: ToChild): void {
  if (child.connected) child.send(message, () => undefined);
}
