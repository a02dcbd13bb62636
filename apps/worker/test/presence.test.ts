import { expect, it } from "vitest";
import type { Handlers } from "../src/consumers/handlers.js";
import { countInHand } from "../src/work-in-hand.js";

it("counts what a worker computes until it ends, well or not, and leaves webhooks out", async () => {
  const ends: (() => void)[] = [];
  const until = () => new Promise<void>((resolve) => void ends.push(resolve));
  const fails = () => Promise.reject(new Error("no memory"));
  const handlers: Handlers = { profile: until, trial: until, export: fails, webhook: until, slow_webhook: until };
  const { handlers: counted, inHand } = countInHand(handlers);
  const message = { job_id: "job" as never, number: 0, delivery_id: "msg" as never };
  const running = [counted.profile(message), counted.trial(message), counted.webhook(message)];
  expect(inHand()).toBe(2);
  await expect(counted.export(message)).rejects.toThrow("no memory");
  expect(inHand()).toBe(2);
  for (const end of ends) end();
  await Promise.all(running);
  expect(inHand()).toBe(0);
});
