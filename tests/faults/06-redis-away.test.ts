import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { JobView } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { hasRedisServer } from "../../packages/queues/test/support/redis-server.js";
import { expectInvariants } from "./expect-invariants.js";
import { faultJob } from "./harness/fault-job.js";
import { freezeIn } from "./harness/freeze.js";
import { inPlace } from "./harness/in-place.js";
import type { Place } from "./harness/place.js";

if (!hasRedisServer) process.stderr.write("row 6: skipped, no redis-server is installed\n");

const MINUTE_MS = 60_000;

/** Redis is waited for at most two seconds per call; a loaded machine takes longer, a call that hangs for ever. */
const HANGS_AFTER_MS = 20_000;

/** A submit while Redis does not answer: it is stored, or the client is told to come back, in any case soon. */
async function submitInOutage({ client }: Place): Promise<string | undefined> {
  const answer = await client.call<{ job: JobView }>("/v1/jobs", {
    method: "POST",
    body: JSON.stringify(faultJob()),
    signal: AbortSignal.timeout(HANGS_AFTER_MS),
  });
  expect([202, 503]).toContain(answer.status);
  if (answer.status === 503) expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
  return answer.status === 202 ? answer.body.job.id : undefined;
}

async function allSucceed(place: Place, ids: readonly (string | undefined)[]): Promise<void> {
  for (const id of ids) if (id !== undefined) expect((await place.finished(id)).state).toBe("succeeded");
  await expectInvariants(place);
}

describe.skipIf(!hasRedisServer)("row 6: Redis", { timeout: 600_000 }, () => {
  it("emptied, and restarted empty, in the middle of a trial and with a job waiting: all is enqueued again", () =>
    inPlace({ queue: "redis" }, async (place) => {
      const worker = await place.startWorker();
      const { id: first } = await place.submit();
      const inTrial = await freezeIn("trial", place, worker, first);
      const { id: second } = await place.submit();
      await place.redis?.flush();
      inTrial.thaw();
      await expect.poll(async () => (await place.job(second)).state, { timeout: MINUTE_MS }).not.toBe("queued");
      const again = await freezeIn("trial", place, worker, second);
      await place.redis?.restart();
      again.thaw();
      await allSucceed(place, [first, second]);
    }));

  it("gone for a minute: the API answers, trials in hand settle, what was submitted begins within another", () =>
    inPlace({ queue: "redis" }, async (place) => {
      const worker = await place.startWorker();
      const { id } = await place.submit();
      const { number, epoch, thaw } = await freezeIn("trial", place, worker, id);
      await place.redis?.kill();
      const goneAt = performance.now();
      const submitted = await submitInOutage(place);
      expect((await place.job(id)).state).toBe("searching");
      thaw();
      const settled = "SELECT state, epoch FROM trials WHERE job_id = $1 AND number = $2";
      await expect
        .poll(() => place.database.query(settled, [id, number]), { timeout: MINUTE_MS })
        .toEqual([{ state: "completed", epoch }]);
      await sleep(Math.max(0, MINUTE_MS - (performance.now() - goneAt)));
      await place.redis?.start();
      if (submitted !== undefined) {
        await expect.poll(async () => (await place.job(submitted)).state, { timeout: MINUTE_MS }).not.toBe("queued");
      }
      await allSucceed(place, [id, submitted]);
    }));

  it("that hangs: the API answers all the same", () =>
    inPlace({ queue: "redis" }, async (place) => {
      await place.startWorker();
      place.redis?.signal("SIGSTOP");
      const ids = [await submitInOutage(place), await submitInOutage(place)];
      const ready = await place.client.call("/readyz", { signal: AbortSignal.timeout(HANGS_AFTER_MS) });
      // It takes jobs without its queue.
      expect(ready).toMatchObject({ status: 200, body: { checks: { postgres: "ok", queue: "unavailable" } } });
      place.redis?.signal("SIGCONT");
      await allSucceed(place, ids);
    }));
});
