import { AppError, type FromOneTask, type ToOneTask } from "@espalier/contracts";
import { goFirstWhenMemoryRunsOut } from "./out-of-memory-order.js";
import { toWire } from "./wire-error.js";

/** How a piece of work is watched and stopped. */
interface Step<Progress> {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Makes this process do one piece of work for its parent, as a compute child does many for a worker. */
export function serveOneTask<Request, Outcome, Progress>(
  work: (request: Request, step: Step<Progress>) => Promise<Outcome>,
): void {
  const abort = new AbortController();
  const tell = (message: FromOneTask<Outcome, Progress>): void => {
    process.send?.(message);
  };
  const begin = async (request: Request): Promise<void> => {
    try {
      const onProgress = (progress: Progress): void => tell({ kind: "progress", progress });
      tell({ kind: "done", outcome: await work(request, { signal: abort.signal, onProgress }) });
    } catch (error) {
      const { code, message } = toWire(error);
      // Where the message is for people, the stack tells them nothing.
      if (!(error instanceof AppError))
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      tell({ kind: "failed", code, message });
    }
  };
  process.on("message", (message: ToOneTask<Request>) => {
    if (message.kind === "cancel") abort.abort();
    else void begin(message.request);
  });

  goFirstWhenMemoryRunsOut();

  // Ctrl-C reaches the whole process group; the parent decides when this process ends.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => undefined);
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
}
