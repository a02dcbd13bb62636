import { measureRates } from "@espalier/pruning";
import { type JobContexts, makeJobContexts } from "./job-contexts.js";
import type { ComputeResults, ComputeSettings, ComputeTask, FromChild, ToChild } from "./messages.js";
import { goFirstWhenMemoryRunsOut } from "./out-of-memory-order.js";
import { buildTask } from "./tasks/build.js";
import { profileTask } from "./tasks/profile.js";
import { scoreTask } from "./tasks/score.js";
import type { TaskContext } from "./tasks/task.js";
import { toWire } from "./wire-error.js";

/** Main module of a compute child: takes one task at a time from its parent and does the arithmetic. */

interface Configured {
  readonly settings: ComputeSettings;
  readonly contexts: JobContexts;
}

let configured: Configured | undefined;
const running = new Map<number, AbortController>();
/** Tasks that wait for statistics. */
const fetching = new Map<number, () => void>();

function tell(message: FromChild): void {
  process.send?.(message);
}

function perform(task: ComputeTask, context: TaskContext): Promise<ComputeResults[keyof ComputeResults]> {
  switch (task.kind) {
    case "calibrate":
      return measureRates({ ...context.settings, now: () => performance.now(), signal: context.signal });
    case "profile":
      return profileTask(task.job, context);
    case "score":
      return scoreTask(task.job, task.candidate, context);
    case "build":
      return buildTask(task, context);
    default: {
      const impossible: never = task;
      throw new TypeError(`unknown task ${JSON.stringify(impossible)}`);
    }
  }
}

async function run(id: number, task: ComputeTask): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  try {
    if (configured === undefined) throw new TypeError("a task came before the settings");
    const measured: TaskContext["measured"] = (piece) => tell({ kind: "measured", id, piece });
    const report: TaskContext["report"] = (progress) => tell({ kind: "progress", id, progress });
    const { signal } = abort;
    const fetchStatistics = (key: string) => fetchFromParent(id, key, signal);
    const result = await perform(task, { ...configured, signal, fetchStatistics, report, measured });
    tell({ kind: "done", id, result, rssBytes: process.memoryUsage.rss() });
  } catch (error) {
    // The stack is for the worker's log, which reads this stream.
    if (!abort.signal.aborted) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    tell({ kind: "failed", id, error: toWire(error), rssBytes: process.memoryUsage.rss() });
  } finally {
    running.delete(id);
    fetching.delete(id);
  }
}

/** Resolves as well when the task is told to stop: it looks at its signal soon. */
function fetchFromParent(id: number, key: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    fetching.set(id, resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    tell({ kind: "fetch", id, key });
  });
}

process.on("message", (message: ToChild) => {
  switch (message.kind) {
    case "configure":
      configured = { settings: message.settings, contexts: makeJobContexts(message.settings) };
      return;
    case "run":
      void run(message.id, message.task);
      return;
    case "cancel":
      running.get(message.id)?.abort();
      return;
    case "fetched":
      fetching.get(message.id)?.();
      return;
    default: {
      const impossible: never = message;
      throw new TypeError(`unknown message ${JSON.stringify(impossible)}`);
    }
  }
});

goFirstWhenMemoryRunsOut();

// Ctrl-C reaches the whole process group; the worker decides when children end.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
// The worker is gone, however it ended: nobody would read a result.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
