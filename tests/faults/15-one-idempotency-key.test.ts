import type { JobView } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import { faultJob } from "./harness/fault-job.js";
import { inPlace } from "./harness/in-place.js";

const REQUESTS = 100;

describe("row 15: 100 requests at once with one Idempotency-Key", { timeout: 600_000 }, () => {
  it("make one job, whichever of two API processes they reach", () =>
    inPlace({}, async (place) => {
      const clients = [place.client, await place.startSecondApi()];
      const headers = { "idempotency-key": "one-of-a-kind" };
      const post = (index: number) =>
        clients[index % clients.length].insist<{ job?: JobView; code?: string }>("/v1/jobs", {
          method: "POST",
          headers,
          body: JSON.stringify(faultJob()),
        });
      const answers = await Promise.all(Array.from({ length: REQUESTS }, (_, index) => post(index)));
      const made = answers.filter(({ status }) => status === 202);
      const others = answers.filter(({ status }) => status !== 202);
      for (const { status, body } of others) expect([status, body.code]).toEqual([409, "IDEMPOTENCY_IN_PROGRESS"]);
      const first = made.filter(({ headers: given }) => given.get("idempotency-replayed") !== "true");
      expect(first).toHaveLength(1);
      const ids = new Set(made.map(({ body }) => body.job?.id));
      expect(await place.database.query("SELECT id FROM jobs")).toEqual([...ids].map((id) => ({ id })));
      await place.startWorker();
      const [id = ""] = ids;
      expect(await place.finished(id)).toMatchObject({ state: "succeeded", error: null });
      expect((await post(0)).body.job?.id).toBe(id);
      await expectInvariants(place);
    }));
});
