import type { Log, ReceiverPace } from "@espalier/pipeline";
import { type DispatchDeps, makeDispatch } from "@espalier/webhooks";
import { type Repeating, repeat } from "./repeat.js";

/** What is due waits at most this long for its queue. */
const EVERY_MS: Readonly<Record<ReceiverPace, number>> = { quick: 1_000, slow: 5_000 };

/** Puts due webhooks on their queues, again and again; rounds for slow receivers hold up none for the others. */
export function startDispatchers(deps: DispatchDeps, log: Log): Repeating {
  const dispatch = makeDispatch(deps);
  const loops = (["quick", "slow"] as const).map((pace) =>
    repeat(
      () => dispatch(pace),
      EVERY_MS[pace],
      (err) => log.warn({ event: "dispatch.failed", pace, err }, "webhooks could not be dispatched; it is tried again"),
    ),
  );
  return { stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))) };
}
