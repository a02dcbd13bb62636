import { fork } from "node:child_process";
import { AppError } from "@espalier/contracts";
import type { FromPrefill, PrefillRequest, ToPrefill } from "./prefill-messages.js";
import { fromWire } from "./wire-error.js";

/** A process that runs one model's prompt. */
export interface PrefillProcess {
  /** Rejects with AppError where the model does not open. */
  readonly opened: Promise<unknown>;
  /** Once; seconds. */
  readonly run: () => Promise<number>;
  /** Largest resident memory that it was ever seen with. */
  peakRssBytes(): number;
  readonly stop: () => void;
}

/** Starts a process and has it open the model. It ends with `stop`, with the signal, and with this process. */
export function startPrefill(request: PrefillRequest, signal: AbortSignal): PrefillProcess {
  const child = fork(new URL("./prefill-child.js", import.meta.url), [], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  let peak = 0;
  const ask = (message: ToPrefill): Promise<number> =>
    new Promise((resolve, reject) => {
      const gone = (): void => {
        const lost = new AppError(
          "COMPUTE_LOST",
          "The process that was timed ended. Try again, with a shorter prompt.",
        );
        reject(signal.aborted ? signal.reason : lost);
      };
      child.once("exit", gone);
      child.once("message", (answer: FromPrefill) => {
        child.off("exit", gone);
        if (answer.kind === "failed") return reject(fromWire(answer.error));
        peak = answer.peakRssBytes;
        return resolve(answer.seconds);
      });
      child.send(message, (error) => {
        if (error !== null) gone();
      });
    });
  const stop = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  const opened = ask({ kind: "open", request });
  opened.catch(() => undefined); // whoever waits for it is told
  return { opened, run: () => ask({ kind: "run" }), peakRssBytes: () => peak, stop };
}
