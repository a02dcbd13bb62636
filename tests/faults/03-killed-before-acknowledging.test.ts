import { describe, expect, it } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import { messagesLeft } from "./harness/deliver.js";
import { eventually } from "./harness/eventually.js";
import { freezeIn } from "./harness/freeze.js";
import { inPlace } from "./harness/in-place.js";
import type { Place } from "./harness/place.js";
import { queueKinds } from "./harness/queue-kinds.js";

/** Nothing is put on the queue or acknowledged until `end`; rows of jobs and trials stay free. */
async function holdQueue({ redis, database }: Place): Promise<{ end(): Promise<void> }> {
  if (redis !== undefined) {
    redis.signal("SIGSTOP");
    return { end: async () => redis.signal("SIGCONT") };
  }
  const tables = await database.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'espalier_queue'",
  );
  return database.hold(`LOCK TABLE ${tables.map(({ name }) => name).join(", ")} IN EXCLUSIVE MODE`);
}

describe.concurrent("row 3: SIGKILL between a result's storing and its message's end", { timeout: 600_000 }, () => {
  it.each(queueKinds)("has the message delivered again, find it settled, and end (queue: %s)", (queue) =>
    inPlace({ queue }, async (place) => {
      const first = await place.startWorker();
      const { id } = await place.submit();
      const { number, epoch, thaw } = await freezeIn("trial", place, first, id);
      const queueHeld = await holdQueue(place);
      thaw();
      const settled = async () =>
        (await place.database.query("SELECT 1 FROM trials WHERE number = $1 AND finished_at IS NOT NULL", [number]))
          .length;
      await eventually(settled, 1);
      await first.kill();
      await queueHeld.end();
      await place.startWorker();
      expect(await place.finished(id)).toMatchObject({ state: "succeeded", error: null });
      const [trial] = await place.database.query("SELECT epoch FROM trials WHERE number = $1", [number]);
      expect(trial).toEqual({ epoch });
      await eventually(() => messagesLeft(place), 0);
      await expectInvariants(place);
    }),
  );
});
