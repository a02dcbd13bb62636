import { describe, expect, it } from "vitest";
import { hasRedisServer } from "../../packages/queues/test/support/redis-server.js";
import { expectInvariants } from "./expect-invariants.js";
import { faultJob } from "./harness/fault-job.js";
import { freezeIn } from "./harness/freeze.js";
import { inPlace } from "./harness/in-place.js";
import type { Place } from "./harness/place.js";

const queues = hasRedisServer ? (["postgres", "redis"] as const) : (["postgres"] as const);

/** A loaded machine takes long, a call that hangs for ever. */
const HANGS_AFTER_MS = 30_000;

async function expectUnavailable({ client }: Place, path: string, init: RequestInit = {}): Promise<void> {
  const signal = AbortSignal.timeout(HANGS_AFTER_MS);
  const answer = await client.call<{ code: string }>(path, { ...init, signal });
  expect(answer).toMatchObject({ status: 503, body: { code: "SERVICE_UNAVAILABLE" } });
  expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
}

describe("row 7: Postgres is killed and started again in the middle of a search", { timeout: 600_000 }, () => {
  it.each(queues)("messages in %s: requests get 503, the trial in hand reports when it is back", (queue) =>
    inPlace({ queue, postgres: "own" }, async (place) => {
      const worker = await place.startWorker();
      const { id } = await place.submit();
      const { number, epoch, thaw } = await freezeIn("trial", place, worker, id);
      await place.postgres?.kill();
      await expectUnavailable(place, `/v1/jobs/${id}`);
      await expectUnavailable(place, "/v1/jobs", { method: "POST", body: JSON.stringify(faultJob()) });
      thaw();
      const waits = () => worker.lines().some(({ event }) => event === "database.away");
      await expect.poll(waits, { timeout: 60_000 }).toBe(true);
      await place.postgres?.start();
      const job = await place.finished(id);
      expect(job).toMatchObject({ state: "succeeded", trials: { failed: 0 } });
      const [trial] = await place.database.query("SELECT state, epoch FROM trials WHERE number = $1", [number]);
      expect(trial).toEqual({ state: "completed", epoch });
      expect([worker.isAlive(), place.api().isAlive()]).toEqual([true, true]);
      expect((await place.finished((await place.submit()).id)).state).toBe("succeeded");
      await expectInvariants(place);
    }),
  );
});
