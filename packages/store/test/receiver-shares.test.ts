import type { EndpointId, MessageId } from "@espalier/contracts";
import { afterEach, describe, expect, it } from "vitest";
import { SECRET } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();
const LEASE_SECONDS = 30;

const create = async (host: string): Promise<EndpointId> =>
  (await store().endpoints.create({ url: `https://${host}/hook`, events: ["job.failed"], secret: SECRET })).id;

/** Messages in the outbox for a new endpoint at this host. */
async function messages(host: string, count: number): Promise<MessageId[]> {
  const id = await create(host);
  const written: MessageId[] = [];
  for (let i = 0; i < count; i++) written.push((await store().endpoints.test(id)).id);
  return written;
}

/** Lets the host answer once, after so many seconds. */
async function answer(host: string, durationSeconds: number): Promise<void> {
  const [message] = await messages(host, 1);
  if (!message) throw new Error("no message");
  await store().deliveries.claim(message, LEASE_SECONDS);
  const attempt = { status: 200, error: null, durationSeconds };
  await store().deliveries.settle(message, attempt, { delivered: true, retryInSeconds: null });
}

const due = (pace: "quick" | "slow", limit = 1000) => store().deliveries.due({ pace, limit });

async function claimAll(ids: readonly MessageId[]): Promise<MessageId[]> {
  const claims = await Promise.all(ids.map((id) => store().deliveries.claim(id, LEASE_SECONDS)));
  return claims.flatMap((claim) => (claim ? [claim.id] : []));
}

afterEach(() => store().sql("DELETE FROM webhook_endpoints"));

describe("attempts in flight for one host", () => {
  it("are one while it is unknown, however many claim at once and whichever endpoint they are for", async () => {
    const all = [...(await messages("unknown.test", 4)), ...(await messages("unknown.test", 4))];
    expect(await claimAll(all)).toHaveLength(1);
  });

  it("are a few while it answers quickly", async () => {
    await answer("quick.test", 0.2);
    const all = await messages("quick.test", 8);
    expect(await claimAll(all)).toHaveLength(4);
    expect(await due("quick")).toEqual([]);
  });

  it("are free again when an attempt ends, or when its process was lost", async () => {
    const [first, second, third] = (await messages("lost.test", 3)) as [MessageId, MessageId, MessageId];
    const { deliveries, sql } = store();
    expect(await claimAll([first])).toEqual([first]);
    expect(await claimAll([second])).toEqual([]);
    const attempt = { status: 500, error: "…", durationSeconds: 2 };
    await deliveries.settle(first, attempt, { delivered: false, retryInSeconds: 60 });
    expect(await claimAll([second])).toEqual([second]);
    await sql("UPDATE deliveries SET lease_until = now() - interval '1 s' WHERE id = $1", [second]);
    expect(await claimAll([third])).toEqual([third]);
  });

  it("count hosts with their port: two receivers on one machine do not share", async () => {
    const all = [...(await messages("ports.test:8001", 2)), ...(await messages("ports.test:8002", 2))];
    expect(await claimAll(all)).toHaveLength(2);
  });
});

describe("what is due", () => {
  it("has no more of one receiver than it may have in flight, so a long list hides no other", async () => {
    const many = await messages("many.test", 20);
    const [one] = await messages("one.test", 1);
    expect(await due("quick", 2)).toEqual([many[0], one]);
  });

  it("is kept apart for slow receivers, until an attempt is quicker", async () => {
    await answer("slow.test", 15);
    const [message] = await messages("slow.test", 1);
    expect([await due("quick"), await due("slow")]).toEqual([[], [message]]);
    await answer("slow.test", 0.1);
    expect([await due("quick"), await due("slow")]).toEqual([[message], []]);
  });

  it("leaves out what is tried just now and what has to wait", async () => {
    await answer("busy.test", 0.1);
    const [claimed, waiting, free] = (await messages("busy.test", 3)) as [MessageId, MessageId, MessageId];
    await claimAll([claimed]);
    await store().sql("UPDATE deliveries SET next_attempt_at = now() + interval '1 min' WHERE id = $1", [waiting]);
    expect(await due("quick")).toEqual([free]);
  });
});
