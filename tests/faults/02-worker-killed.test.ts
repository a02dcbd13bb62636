import { describe, expect, it } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import { freezeIn } from "./harness/freeze.js";
import { inPlace } from "./harness/in-place.js";
import { queueKinds } from "./harness/queue-kinds.js";

const LONGEST_LEASE_SECONDS = 45;

describe.concurrent("row 2: SIGKILL of a worker", { timeout: 600_000 }, () => {
  it.each(queueKinds)("in the middle of a trial: another worker takes it, one result (queue: %s)", (queue) =>
    inPlace({ queue }, async (place) => {
      const first = await place.startWorker();
      const { id } = await place.submit();
      const { number, epoch, thaw } = await freezeIn("trial", place, first, id);
      await first.kill();
      thaw();
      const [lease] = await place.database.query(
        "SELECT extract(epoch FROM lease_until - clock_timestamp())::float8 AS left FROM trials WHERE number = $1",
        [number],
      );
      expect(lease?.["left"]).toBeLessThan(LONGEST_LEASE_SECONDS);
      await place.startWorker();
      const job = await place.finished(id);
      expect(job).toMatchObject({ state: "succeeded", error: null, trials: { failed: 0 } });
      const [again] = await place.database.query("SELECT epoch, failures FROM trials WHERE number = $1", [number]);
      expect(again).toEqual({ epoch: epoch + 1, failures: 0 });
      await expectInvariants(place);
    }),
  );

  it("in the middle of the profile: another worker goes on with the shards that are there", () =>
    inPlace({}, async (place) => {
      const first = await place.startWorker();
      const { id } = await place.submit();
      const { thaw } = await freezeIn("profile", place, first, id);
      await first.kill();
      thaw();
      await place.startWorker();
      expect(await place.finished(id)).toMatchObject({ state: "succeeded", error: null });
      await expectInvariants(place);
    }));
});
