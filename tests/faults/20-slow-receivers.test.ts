import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import { eventually } from "./harness/eventually.js";
import { inPlace } from "./harness/in-place.js";
import type { Place } from "./harness/place.js";

const SLOW = 200;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Accepts messages and never answers; each is a host of its own to the service. */
async function slowReceiver(onRequest: () => void): Promise<string> {
  const server = createServer(onRequest);
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

async function register({ client }: Place, url: string): Promise<void> {
  const body = JSON.stringify({ url, events: ["job.succeeded"] });
  expect((await client.insist("/v1/webhook-endpoints", { method: "POST", body })).status).toBe(201);
}

describe(`row 20: ${SLOW} webhook receivers that never answer`, { timeout: 600_000 }, () => {
  it("delay a healthy one by none of their attempts", () =>
    inPlace({}, async (place) => {
      let slowRequests = 0;
      const urls = await Promise.all(Array.from({ length: SLOW }, () => slowReceiver(() => void slowRequests++)));
      for (const url of urls) await register(place, url);
      await place.startWorker();
      const { received } = place.receiver;
      for (let job = 1; job <= 3; job++) {
        const { id } = await place.submit();
        expect(await place.finished(id)).toMatchObject({ state: "succeeded" });
        await eventually(() => received.length, job);
        // One after the other, each would have kept it waiting for fifteen seconds.
        expect(slowRequests).toBeLessThan(job * SLOW);
      }
      expect(slowRequests).toBeGreaterThan(0);
      await expectInvariants(place);
    }));
});
