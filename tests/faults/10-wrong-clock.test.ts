import { describe, expect, it } from "vitest";
import { repository } from "../e2e/repository.js";
import { expectInvariants } from "./expect-invariants.js";
import { eventually } from "./harness/eventually.js";
import { freezeIn } from "./harness/freeze.js";
import { inPlace } from "./harness/in-place.js";
import { queueKinds } from "./harness/queue-kinds.js";

const AN_HOUR_SECONDS = 3600;
const LEASE_SECONDS = 5;

const offBy = (seconds: number) => ({
  env: { CLOCK_SHIFT_SECONDS: String(seconds) },
  execArgv: ["--import", repository("tests/faults/harness/shift-clock.mjs")],
});

/** Times that the product wrote and that the database's clock has not been near. */
const WRONG_TIMES = `
  SELECT 'jobs' AS "where", id FROM jobs, unnest(ARRAY[created_at, started_at, finished_at, search_started_at]) AS at
    WHERE abs(extract(epoch FROM at - clock_timestamp())) > 1800
  UNION ALL SELECT 'trials', number::text FROM trials, unnest(ARRAY[started_at, finished_at, lease_until]) AS at
    WHERE abs(extract(epoch FROM at - clock_timestamp())) > 1800
  UNION ALL SELECT 'events', sequence::text FROM events WHERE abs(extract(epoch FROM created_at - clock_timestamp())) > 1800
  UNION ALL SELECT 'deliveries', id FROM deliveries, unnest(ARRAY[created_at, next_attempt_at]) AS at
    WHERE abs(extract(epoch FROM at - clock_timestamp())) > 1800`;

describe.concurrent("row 10: workers whose clocks are off by an hour", { timeout: 600_000 }, () => {
  it.each(queueKinds)("keep and take leases by the database's clock (queue: %s)", (queue) =>
    inPlace({ queue }, async (place) => {
      const { database } = place;
      const ahead = await place.startWorker(offBy(AN_HOUR_SECONDS));
      const { id } = await place.submit();
      const { number, epoch, thaw } = await freezeIn("trial", place, ahead, id);
      await place.startWorker(offBy(-AN_HOUR_SECONDS));
      const lease = async () =>
        (
          await database.query<{ epoch: number; until: Date; left: number }>(
            `SELECT epoch, lease_until AS until, extract(epoch FROM lease_until - clock_timestamp())::float8 AS left
             FROM trials WHERE number = $1`,
            [number],
          )
        )[0];
      const before = await lease();
      expect(before.left).toBeLessThanOrEqual(LEASE_SECONDS);
      // It is prolonged past its first end, and the other worker leaves it alone.
      const prolonged = async () => Number((await lease()).until) - Number(before.until);
      await eventually(prolonged, (milliseconds) => milliseconds > LEASE_SECONDS * 1000);
      expect(await lease()).toMatchObject({ epoch });
      await ahead.kill();
      thaw();
      expect(await place.finished(id)).toMatchObject({ state: "succeeded", error: null });
      expect(await lease()).toMatchObject({ epoch: epoch + 1 });
      expect(await database.query(WRONG_TIMES)).toEqual([]);
      await expectInvariants(place);
    }),
  );
});
