import { describe, expect, it } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import { freezeIn } from "./harness/freeze.js";
import { inPlace } from "./harness/in-place.js";

describe.concurrent("row 4: SIGTERM of a worker", { timeout: 600_000 }, () => {
  it.each(["profile", "trial", "export"] as const)(
    "during the %s: it gives its work back and nothing failed",
    (stage) =>
      inPlace({}, async (place) => {
        const first = await place.startWorker();
        const { id } = await place.submit();
        const { thaw } = await freezeIn(stage, place, first, id);
        first.signal("SIGTERM");
        thaw();
        expect(await first.ended).toBe(0);
        // Every step of the shutdown ended within its time.
        expect(first.lines().filter(({ event }) => event === "shutdown.step_failed")).toEqual([]);
        const [held] = await place.database.query(
          `SELECT (SELECT count(*)::int FROM trials WHERE owner IS NOT NULL OR failures > 0) AS trials,
          (SELECT count(*)::int FROM jobs WHERE stage_owner IS NOT NULL OR stage_failures > 0) AS jobs`,
        );
        expect(held).toEqual({ trials: 0, jobs: 0 });
        await place.startWorker();
        expect(await place.finished(id)).toMatchObject({ state: "succeeded", error: null, trials: { failed: 0 } });
        await expectInvariants(place);
      }),
  );
});
