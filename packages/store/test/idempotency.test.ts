import { describe, expect, it } from "vitest";
import { newJob } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();

describe("an Idempotency-Key", () => {
  it("gives one job to 100 equal requests at once", async () => {
    const key = { key: "hundred", bodyHash: "h" };
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => store().jobs.create(newJob({}, { labels: { run: "hundred" } }), key)),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    const { data } = await store().views.jobs({ limit: 50, label: "run:hundred", sort: "-created_at" });
    expect(data.map(({ id }) => id)).toEqual([answers[0]?.id]);
  });

  it("refuses another body", async () => {
    const { jobs } = store();
    await jobs.create(newJob(), { key: "other", bodyHash: "a" });
    await expect(jobs.create(newJob(), { key: "other", bodyHash: "b" })).rejects.toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
    });
  });

  it("is free again after 48 hours", async () => {
    const { jobs, sql } = store();
    const first = await jobs.create(newJob(), { key: "old", bodyHash: "a" });
    const [row] = await sql<{ hours: number }>(
      "SELECT extract(epoch FROM expires_at - now())::float8 / 3600 AS hours FROM idempotency_keys WHERE key = 'old'",
    );
    expect(row?.hours).toBeCloseTo(48, 1);
    await sql("UPDATE idempotency_keys SET expires_at = now() - interval '1 second' WHERE key = 'old'");
    const second = await jobs.create(newJob(), { key: "old", bodyHash: "b" });
    expect(second.replayed).toBe(false);
    expect(second.id).not.toBe(first.id);
  });

  it("is not taken by a request that failed", async () => {
    const { jobs } = store();
    const job = newJob();
    await jobs.create(job);
    await expect(jobs.create(job, { key: "failed", bodyHash: "a" })).rejects.toThrow();
    expect((await jobs.create(newJob(), { key: "failed", bodyHash: "a" })).replayed).toBe(false);
  });
});
