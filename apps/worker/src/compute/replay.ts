import { replayArtefact } from "@espalier/artefact";
import { AppError, type FromReplay, type ReplayRequest, type ToReplay } from "@espalier/contracts";
import { goFirstWhenMemoryRunsOut } from "./out-of-memory-order.js";
import { readVersions } from "./versions.js";
import { toWire } from "./wire-error.js";

/** Main module of a process that repeats one export for its parent, as a compute child does for a worker. */

const abort = new AbortController();

function tell(message: FromReplay): void {
  process.send?.(message);
}

async function replay(request: ReplayRequest): Promise<void> {
  try {
    const outcome = await replayArtefact({
      ...request,
      versions: readVersions(),
      signal: abort.signal,
      onProgress: (progress) => tell({ kind: "progress", progress }),
    });
    tell({ kind: "done", outcome });
  } catch (error) {
    const { code, message } = toWire(error);
    // Where the message is for people, the stack tells them nothing.
    if (!(error instanceof AppError)) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    tell({ kind: "failed", code, message });
  }
}

process.on("message", (message: ToReplay) => {
  if (message.kind === "cancel") abort.abort();
  else void replay(message.request);
});

goFirstWhenMemoryRunsOut();

// Ctrl-C reaches the whole process group; the parent decides when this process ends.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
