import type { EventView, JobView } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import { eventually } from "./harness/eventually.js";
import { freezeIn, type Stage } from "./harness/freeze.js";
import { inPlace } from "./harness/in-place.js";
import type { Place } from "./harness/place.js";

const LONGEST_MS = 10_000;

const cancel = (place: Place, id: string) =>
  place.client.insist<{ job: JobView }>(`/v1/jobs/${id}/cancel`, { method: "POST" });

async function endsOf({ client }: Place, id: string): Promise<readonly string[]> {
  const { data } = await client.get<{ data: EventView[] }>(`/v1/jobs/${id}/events?limit=200`);
  return data.map(({ type }) => type).filter((type) => /^job\.(succeeded|failed|cancelled)$/.test(type));
}

/** Twice at once, and once more when it is over. */
async function cancelTwice(place: Place, id: string): Promise<void> {
  const start = performance.now();
  const answers = await Promise.all([cancel(place, id), cancel(place, id)]);
  for (const { status, body } of answers) expect([status, body.job.state]).toEqual([200, "cancelled"]);
  expect(performance.now() - start).toBeLessThan(LONGEST_MS);
  expect((await cancel(place, id)).status).toBe(200);
  expect(await endsOf(place, id)).toEqual(["job.cancelled"]);
}

describe.concurrent("row 14: cancelled", { timeout: 600_000 }, () => {
  it("while queued, and while paused: it never begins again", () =>
    inPlace({}, async (place) => {
      const queued = await place.submit();
      await cancelTwice(place, queued.id);
      const worker = await place.startWorker();
      const { id } = await place.submit();
      const { thaw } = await freezeIn("trial", place, worker, id);
      await place.client.insist(`/v1/jobs/${id}/pause`, { method: "POST" });
      thaw();
      await place.until(id, ({ state, trials }) => state === "paused" && trials.running === 0);
      await cancelTwice(place, id);
      await expectInvariants(place);
    }));

  it("in the middle of each stage: the worker is free for the next job", () =>
    inPlace({}, async (place) => {
      const worker = await place.startWorker();
      for (const [index, stage] of (["profile", "trial", "export"] as const satisfies readonly Stage[]).entries()) {
        // Statistics that are on disk already make a profile too short to be met.
        const calibration = { corpus: "tinystories-train.txt", samples: 32 + index, sequence_length: 64 };
        const { id } = await place.submit({ calibration });
        const { thaw } = await freezeIn(stage, place, worker, id);
        await cancelTwice(place, id);
        thaw();
      }
      const { id } = await place.submit();
      expect(await place.finished(id)).toMatchObject({ state: "succeeded", error: null });
      expect(worker.isAlive()).toBe(true);
      await expectInvariants(place);
    }));

  it("at the moment of success: it is the one or the other", () =>
    inPlace({}, async (place) => {
      const worker = await place.startWorker();
      const { id } = await place.submit();
      const { thaw } = await freezeIn("export", place, worker, id);
      const held = await place.database.hold("SELECT 1 FROM jobs WHERE id = $1 FOR UPDATE", [id]);
      thaw();
      // The worker's result waits for the row, and so does the client's word.
      await eventually(
        () => place.database.waiting(),
        (count) => count >= 1,
      );
      const answers = Promise.all([cancel(place, id), cancel(place, id)]);
      await eventually(
        () => place.database.waiting(),
        (count) => count >= 2,
      );
      await held.end();
      for (const { status } of await answers) expect([200, 409]).toContain(status);
      const { state } = await place.finished(id);
      expect(await endsOf(place, id)).toEqual([`job.${state}`]);
      await expectInvariants(place);
    }));
});
