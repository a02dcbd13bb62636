import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { EndpointId } from "@espalier/contracts";
import { startTestDatabase, type TestDatabase } from "@espalier/embedded";
import { type Consumers, openQueues, type Queues } from "@espalier/queues";
import { openStore, type Store } from "@espalier/store";
import { type Deliverer, deliverWebhook, makeDeliverer, makeDispatch } from "@espalier/webhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newJob, SECRET } from "../../../packages/store/test/support/jobs.js";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const ROUNDS = 4;

/** A receiver on a port of its own, which is a host of its own. */
interface Receiver {
  readonly url: string;
  /** Requests that arrived, answered or not. */
  readonly requests: () => number;
  readonly server: Server;
}

let database: TestDatabase;
let store: Store;
let queues: Queues;
let deliverer: Deliverer;
let consumers: Consumers | undefined;
let receivers: Receiver[] = [];

beforeEach(async () => {
  database = await startTestDatabase();
  store = openStore({ databaseUrl: database.url, encryptionKey: randomBytes(32) });
  queues = await openQueues({ databaseUrl: database.url, logger: log });
  deliverer = makeDeliverer({ allowedCidrs: ["127.0.0.0/8"], allowHttp: true, now: Date.now });
});

afterEach(async () => {
  for (const { server } of receivers) server.close().closeAllConnections(); // what hangs fails now
  receivers = [];
  await consumers?.close(10);
  await queues.close();
  await deliverer.close();
  await store.close();
  await database.drop();
});

async function receive(kind: "healthy" | "hanging"): Promise<Receiver> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    if (kind === "healthy") response.writeHead(204).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const receiver = { url, requests: () => requests, server };
  receivers.push(receiver);
  return receiver;
}

const register = async ({ url }: Receiver): Promise<EndpointId> =>
  (await store.endpoints.create({ url, events: ["job.cancelled"], secret: SECRET })).id;

/** As after an attempt that was given up. */
async function makeSlow(endpoint: EndpointId): Promise<void> {
  const { id } = await store.endpoints.test(endpoint);
  await store.deliveries.claim(id, 30);
  const attempt = { status: null, error: "no answer", durationSeconds: 15 };
  await store.deliveries.settle(id, attempt, { delivered: false, retryInSeconds: null });
}

async function tellAll(): Promise<void> {
  const { id } = await store.jobs.create(newJob());
  await store.jobs.cancel(id);
}

async function startWorker(webhook: number, slow_webhook: number): Promise<() => Promise<void>> {
  const handle = deliverWebhook({ deliveries: store.deliveries, deliverer, log, random: () => 0 });
  const handlers = { webhook: handle, slow_webhook: handle };
  consumers = await queues.startConsumers(handlers, { concurrency: { webhook, slow_webhook } });
  const dispatch = makeDispatch({ deliveries: store.deliveries, queue: queues });
  return async () => {
    await dispatch("slow"); // first: their messages are on the way before the healthy one's
    await dispatch("quick");
    await sleep(50);
  };
}

describe("a healthy receiver", () => {
  it("gets everything while more receivers than there are places, known as slow, never answer", async () => {
    const hanging = await Promise.all(Array.from({ length: 12 }, () => receive("hanging")));
    for (const receiver of hanging) await makeSlow(await register(receiver));
    const healthy = await receive("healthy");
    await register(healthy);
    for (let round = 0; round < ROUNDS; round++) await tellAll();
    const tick = await startWorker(2, 2);
    while (healthy.requests() < ROUNDS) await tick();
    const tried = hanging.map(({ requests }) => requests());
    expect(Math.max(...tried)).toBeLessThanOrEqual(1);
    expect(tried.reduce((sum, n) => sum + n)).toBeLessThanOrEqual(2);
  });

  it("gets everything while receivers that nobody knows yet never answer: each holds one place", async () => {
    const hanging = await Promise.all(Array.from({ length: 6 }, () => receive("hanging")));
    for (const receiver of hanging) await register(receiver);
    const healthy = await receive("healthy");
    await register(healthy);
    for (let round = 0; round < ROUNDS; round++) await tellAll();
    const tick = await startWorker(7, 1);
    while (healthy.requests() < ROUNDS || hanging.some(({ requests }) => requests() === 0)) await tick();
    expect(hanging.map(({ requests }) => requests())).toEqual(hanging.map(() => 1));
  });
});
