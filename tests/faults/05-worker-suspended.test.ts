import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import { eventually } from "./harness/eventually.js";
import { freezeIn } from "./harness/freeze.js";
import { inPlace } from "./harness/in-place.js";

const SUSPENDED_MS = 60_000;

describe("row 5: a worker suspended for 60 s, then continued", { timeout: 600_000 }, () => {
  it("has its result of the old epoch refused and recorded as superseded", () =>
    inPlace({}, async (place) => {
      const slow = await place.startWorker({ env: { ESPALIER_LEASE_SECONDS: "15" } });
      const { id } = await place.submit();
      const { number, epoch, thaw } = await freezeIn("trial", place, slow, id);
      slow.signal("SIGSTOP");
      thaw(); // its child ends the trial; nobody reads the result yet
      await place.startWorker({ env: { ESPALIER_LEASE_SECONDS: "15" } });
      const rest = sleep(SUSPENDED_MS);
      await place.until(id, ({ trials }) => trials.completed + trials.pruned > number);
      await rest;
      slow.signal("SIGCONT");
      expect(await place.finished(id)).toMatchObject({ state: "succeeded", error: null });
      const late = () => place.database.query("SELECT trial_number AS number, epoch FROM superseded_results");
      await eventually(late, [{ number, epoch }]);
      const [taken] = await place.database.query("SELECT epoch FROM trials WHERE number = $1", [number]);
      expect(taken).toEqual({ epoch: epoch + 1 });
      await expectInvariants(place);
    }));
});
