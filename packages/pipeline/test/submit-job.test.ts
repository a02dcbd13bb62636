import { randomBytes } from "node:crypto";
import { AppError, createJobBody, type JobSpec } from "@espalier/contracts";
import { startTestDatabase } from "@espalier/embedded";
import { openStore, type Store } from "@espalier/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSubmitJob } from "../src/index.js";

let store: Store;
beforeAll(async () => {
  const { url } = await startTestDatabase();
  store = openStore({ databaseUrl: url, encryptionKey: randomBytes(32) });
});
afterAll(() => store?.close());

const body = createJobBody.parse({
  model: { path: "a" },
  calibration: { corpus: "c.txt" },
  target: { sparsity: 0.2 },
});

function specOf(): JobSpec {
  const { webhooks: _, ...rest } = body;
  const split = { corpus: "c.txt", windows: 8, sequence_length: 16, skip_windows: 0 };
  const search = { ...rest.search, refinement: 0, racing: false };
  const target = { ...rest.target, sparsity: [0.2] };
  return { ...rest, search, target, calibration: split, scoring: [{ ...split, weight: 1 }], report: split };
}

describe("a repeated submit", () => {
  it("is answered as the first one, though the model has gone meanwhile", async () => {
    let isThere = true;
    const enqueued: string[] = [];
    const submit = makeSubmitJob({
      inspect: async () => {
        if (isThere) return specOf();
        throw new AppError("MODEL_NOT_FOUND", "There is no model 'a'.");
      },
      jobs: store.jobs,
      queue: { enqueue: async (name) => void enqueued.push(name) },
      newSecret: () => "",
    });
    const idempotency = { key: "once", bodyHash: "h" };
    const first = await submit(body, { idempotency });
    isThere = false;
    expect(await submit(body, { idempotency })).toEqual({ id: first.id, replayed: true, madeSecrets: [] });
    const other = submit(body, { idempotency: { ...idempotency, bodyHash: "other" } });
    await expect(other).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
    await expect(submit(body)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
    expect(enqueued).toEqual(["profile"]);
  });
});
