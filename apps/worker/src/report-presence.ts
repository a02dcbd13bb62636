import type { Log } from "@espalier/pipeline";
import type { SeenWorker, WorkerStore } from "@espalier/store";
import { type Repeating, repeat } from "./repeat.js";

const EVERY_MS = 10_000;

export interface PresenceDeps {
  readonly workers: WorkerStore;
  readonly worker: Omit<SeenWorker, "inHand">;
  readonly inHand: () => number;
  readonly log: Log;
  /** Pause between two reports (default ten seconds). */
  readonly everyMs?: number;
}

/** Reports every ten seconds that this worker is there; when stopped it takes its row back. */
export function reportPresence({ workers, worker, inHand, log, everyMs = EVERY_MS }: PresenceDeps): Repeating {
  const reporting = repeat(
    () => workers.seen({ ...worker, inHand: inHand() }),
    everyMs,
    (err) =>
      log.warn({ event: "presence.failed", err }, "this worker's presence could not be noted; it is tried again"),
  );
  return {
    stop: async () => {
      await reporting.stop();
      await workers.gone(worker.id);
    },
  };
}
