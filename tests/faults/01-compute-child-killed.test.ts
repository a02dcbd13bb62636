import { describe, expect, it } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import { freezeIn } from "./harness/freeze.js";
import { inPlace } from "./harness/in-place.js";

describe("row 1: SIGKILL of a compute child in the middle of a trial", { timeout: 600_000 }, () => {
  it("has the trial run again with a new epoch, in the same worker", () =>
    inPlace({}, async (place) => {
      const worker = await place.startWorker();
      const { id } = await place.submit();
      const { number, epoch } = await freezeIn("trial", place, worker, id);
      for (const child of worker.children()) process.kill(child, "SIGKILL");
      const job = await place.finished(id);
      expect(job).toMatchObject({ state: "succeeded", error: null, trials: { failed: 0 } });
      const [again] = await place.database.query("SELECT epoch, failures FROM trials WHERE number = $1", [number]);
      expect(again).toEqual({ epoch: epoch + 1, failures: 1 });
      expect(worker.isAlive()).toBe(true);
      await expectInvariants(place);
    }));
});
