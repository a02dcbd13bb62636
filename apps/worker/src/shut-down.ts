import type { Log } from "@espalier/pipeline";

/** One thing to end, by name. */
export type ShutDownStep = readonly [name: string, close: () => Promise<unknown>];

/** Ends everything in order; a step that fails or hangs is reported and the next follows. */
export async function shutDown(steps: readonly ShutDownStep[], stepTimeoutMs: number, log: Log): Promise<void> {
  for (const [name, close] of steps) {
    const timeout = new AbortController();
    try {
      await Promise.race([close(), afterMs(stepTimeoutMs, timeout.signal)]);
    } catch (err) {
      log.warn({ event: "shutdown.step_failed", step: name, err }, "a step of the shutdown failed");
    } finally {
      timeout.abort();
    }
  }
}

function afterMs(ms: number, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`not done after ${ms} ms`)), ms);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
}
