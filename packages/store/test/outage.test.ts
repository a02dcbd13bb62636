import { randomBytes } from "node:crypto";
import { AppError } from "@espalier/contracts";
import { openStore } from "@espalier/store";
import { describe, expect, it } from "vitest";
import { isOutage } from "../src/database/outage.js";
import { newJob } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();

/** What a restart of Postgres does to us: every connection is cut. */
const cutConnections = () =>
  store().sql(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );

describe("cut connections", () => {
  it("are replaced; a call meets at most SERVICE_UNAVAILABLE", async () => {
    const { id } = await store().jobs.create(newJob());
    await Promise.all(Array.from({ length: 8 }, () => store().jobs.get(id)));
    await cutConnections();
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => store().jobs.get(id)));
    for (const answer of answers) {
      if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "SERVICE_UNAVAILABLE" });
    }
    expect((await store().jobs.get(id))?.id).toBe(id);
    await store().ping();
  });

  it("in the middle of writes leave either all of a change or nothing", async () => {
    const jobs = Array.from({ length: 30 }, () => newJob());
    const creating = Promise.allSettled(jobs.map((job) => store().jobs.create(job)));
    await cutConnections();
    for (const [index, answer] of (await creating).entries()) {
      const id = jobs[index]?.id;
      if (answer.status === "rejected") expect(answer.reason).toBeInstanceOf(AppError);
      const [row] = await store().sql<{ sequence: number; events: number }>(
        `SELECT event_sequence AS sequence, (SELECT count(*)::int FROM events WHERE job_id = jobs.id) AS events
         FROM jobs WHERE id = $1`,
        [id],
      );
      if (answer.status === "fulfilled") expect(row).toEqual({ sequence: 1, events: 1 });
      else if (row) expect(row).toEqual({ sequence: 1, events: 1 });
    }
  });
});

describe("what a driver says of a connection that was cut", () => {
  it.each([
    "terminating connection due to administrator command",
    "Connection terminated unexpectedly",
    "read ECONNRESET",
  ])("is an outage: %s", (message) => expect(isOutage(new Error(message))).toBe(true));

  it("is none for what was refused", () => expect(isOutage(new Error("division by zero"))).toBe(false));
});

describe("a server with another time zone", () => {
  it("gives the same instants", async () => {
    await store().sql(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'Asia/Kolkata'); END $$`,
    );
    const elsewhere = openStore({ databaseUrl: store().url, encryptionKey: randomBytes(32) });
    const { id } = await elsewhere.jobs.create(newJob());
    const [row] = await store().sql<{ at: Date }>("SELECT created_at AS at FROM jobs WHERE id = $1", [id]);
    const view = await elsewhere.views.job(id);
    expect(view.created_at).toBe(row?.at.toISOString());
    const [event] = await elsewhere.views.events(id, { after: 0, limit: 1 });
    expect(Math.abs(Date.parse(event?.timestamp ?? "") - Date.parse(view.created_at))).toBeLessThan(60_000);
    await elsewhere.close();
  });
});
