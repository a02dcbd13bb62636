import type { Log } from "@espalier/pipeline";

/** One thing to close, by name. */
export type ShutdownStep = readonly [name: string, close: () => Promise<void>];

/** Closes everything in the given order; what fails is logged and does not keep the rest open. */
export async function shutDown(steps: readonly ShutdownStep[], log: Log): Promise<void> {
  for (const [step, close] of steps) {
    await close().catch((err: unknown) => log.warn({ event: "shutdown.failed", step, err }, "could not close"));
  }
}
