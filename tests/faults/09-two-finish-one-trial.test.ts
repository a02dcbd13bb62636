import { describe, expect, it } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import { openDeliverer } from "./harness/deliver.js";
import { eventually } from "./harness/eventually.js";
import { freezeIn } from "./harness/freeze.js";
import { inPlace } from "./harness/in-place.js";

describe("row 9: two workers finish the same trial at the same moment", { timeout: 600_000 }, () => {
  it("has one result accepted and the other superseded", () =>
    inPlace({}, async (place) => {
      const { database } = place;
      const first = await place.startWorker();
      const { id } = await place.submit();
      const { number, epoch, thaw } = await freezeIn("trial", place, first, id);
      await place.startWorker();
      first.signal("SIGSTOP");
      thaw(); // its child ends the trial; nobody reads the result yet
      await database.query("UPDATE trials SET lease_until = clock_timestamp() WHERE number = $1", [number]);
      const deliverer = await openDeliverer(place);
      await deliverer.deliver("trial", { job_id: id, number });
      const epochNow = async () =>
        (await database.query("SELECT epoch FROM trials WHERE number = $1", [number]))[0]?.["epoch"];
      await eventually(epochNow, epoch + 1);
      // Whoever settles needs the job's row: both wait for it side by side.
      const held = await database.hold("SELECT 1 FROM jobs WHERE id = $1 FOR UPDATE", [id]);
      await eventually(
        () => database.waiting(),
        (count) => count >= 1,
      );
      first.signal("SIGCONT");
      await eventually(
        () => database.waiting(),
        (count) => count >= 2,
      );
      await held.end();
      expect(await place.finished(id)).toMatchObject({ state: "succeeded", error: null });
      const late = () => database.query("SELECT trial_number AS number, epoch FROM superseded_results");
      await eventually(late, [{ number, epoch }]);
      await deliverer.close();
      await expectInvariants(place);
    }));
});
