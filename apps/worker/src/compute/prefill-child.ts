import { type OpenedPrefill, openPrefill } from "@espalier/pruning";
import { peakRssBytes } from "./peak-rss.js";
import type { FromPrefill, ToPrefill } from "./prefill-messages.js";
import { toWire } from "./wire-error.js";

/** Main module of a process that runs one model's prompt whenever its parent says so, and nothing else. */

let prefill: OpenedPrefill | undefined;

function tell(message: FromPrefill): void {
  process.send?.(message);
}

async function answer(message: ToPrefill): Promise<number> {
  if (message.kind === "open") {
    const { modelPath, tokens, ...execution } = message.request;
    prefill = await openPrefill(modelPath, tokens, execution);
    return 0;
  }
  if (prefill === undefined) throw new TypeError("a run before the model was opened");
  return await prefill.run(() => performance.now());
}

process.on("message", (message: ToPrefill) => {
  answer(message).then(
    (seconds) => tell({ kind: "done", seconds, peakRssBytes: peakRssBytes() }),
    (error: unknown) => tell({ kind: "failed", error: toWire(error) }),
  );
});

process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
