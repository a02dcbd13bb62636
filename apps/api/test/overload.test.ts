import { setTimeout as sleep } from "node:timers/promises";
import Fastify from "fastify";
import { expect, it } from "vitest";
import { registerOverloadProtection } from "../src/plugins/overload.js";

const LIMITS = { maxEventLoopDelay: 20, sampleInterval: 100 };
const BUSY_MS = 80;

it("a process that cannot keep up refuses requests, says that it lives, and recovers", async () => {
  const app = Fastify();
  registerOverloadProtection(app, LIMITS);
  for (const url of ["/livez", "/v1/jobs"]) app.get(url, () => "here");
  const statusOf = async (url: string) => (await app.inject(url)).statusCode;
  await app.ready();
  await expect
    .poll(
      async () => {
        const until = performance.now() + BUSY_MS;
        while (performance.now() < until);
        await sleep(1);
        return statusOf("/v1/jobs");
      },
      { timeout: 20_000, interval: 1 },
    )
    .toBe(503);
  expect(await statusOf("/livez")).toBe(200);
  await expect.poll(() => statusOf("/v1/jobs"), { timeout: 20_000 }).toBe(200);
  await app.close();
});
