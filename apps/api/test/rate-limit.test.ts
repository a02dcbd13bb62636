import { problem } from "@espalier/contracts";
import type { LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, makeKey, ROOT } from "./support/keys.js";
import { smallJob, startService, type TestService } from "./support/service.js";

const count = (responses: readonly LightMyRequestResponse[], status: number): number =>
  responses.filter(({ statusCode }) => statusCode === status).length;

describe("rate limits", () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ apiKey: ROOT, rateLimits: { reads: 20, writes: 5 } });
  });
  afterAll(() => service.close());

  const gets = (times: number, headers: Record<string, string>) =>
    Promise.all(Array.from({ length: times }, () => service.get("/v1/jobs?limit=1", headers)));

  it("tell what is left as the IETF draft has it, and when to come back", async () => {
    const { key } = await makeKey(service, ["jobs:read"]);
    const { headers } = await service.get("/v1/jobs", bearer(key));
    expect(headers["ratelimit-policy"]).toBe('"reads";q=20;w=60');
    expect(headers.ratelimit).toMatch(/^"reads";r=19;t=(?:[1-5]?\d|60)$/);
    const rest = await gets(30, bearer(key));
    expect([count(rest, 200), count(rest, 429)]).toEqual([19, 11]);
    const refused = await service.get("/v1/jobs", bearer(key));
    expect(refused.headers["content-type"]).toBe("application/problem+json");
    expect(problem.parse(refused.json())).toMatchObject({ code: "RATE_LIMITED", status: 429 });
    expect(refused.headers.ratelimit).toMatch(/^"reads";r=0;t=\d+$/);
    expect(refused.headers["retry-after"]).toBe(/t=(\d+)$/.exec(String(refused.headers.ratelimit))?.[1]);
  });

  it("count reading and writing apart, and each key for itself", async () => {
    const [a, b] = [await makeKey(service, ["jobs:write"]), await makeKey(service, ["jobs:write"])];
    const post = (key: string) => service.post("/v1/jobs", { ...smallJob, search: { trials: 0 } }, bearer(key));
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(a.key)));
    expect([count(answers, 422), count(answers, 429)]).toEqual([5, 3]);
    expect(answers[0]?.headers["ratelimit-policy"]).toBe('"writes";q=5;w=60');
    expect((await post(b.key)).statusCode).toBe(422);
    expect((await service.get("/v1/jobs", bearer(a.key))).headers.ratelimit).toMatch(/^"reads";r=19;/);
  });

  it("stop wrong keys, which cost the right one from the same address nothing", async () => {
    const { key } = await makeKey(service, ["jobs:read"]);
    const [before] = await gets(1, bearer(key));
    expect(before?.headers.ratelimit).toMatch(/r=19/);
    const guess = () => service.get("/v1/jobs", bearer(`esp_${"0".repeat(36)}_${Math.random()}`));
    const [wrong, [right]] = await Promise.all([Promise.all(Array.from({ length: 100 }, guess)), gets(1, bearer(key))]);
    expect([count(wrong, 401), count(wrong, 429)]).toEqual([20, 80]);
    expect(right?.statusCode).toBe(200);
    expect(right?.headers.ratelimit).toMatch(/r=18/);
  });

  it("leave probes alone", async () => {
    const probes = await Promise.all(Array.from({ length: 40 }, () => service.get("/livez")));
    expect(count(probes, 200)).toBe(40);
    expect(probes[0]?.headers.ratelimit).toBeUndefined();
  });
});

describe("rate limits without keys", () => {
  it("count by address, and 0 is none", async () => {
    const service = await startService({ rateLimits: { reads: 3, writes: 0 } });
    try {
      const from = (remoteAddress: string) =>
        service.app.inject({ url: "/v1/models", headers: { host: "localhost" }, remoteAddress });
      const answers = [];
      for (let n = 0; n < 4; n++) answers.push(await from("127.0.0.1"));
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429]);
      expect((await from("127.0.0.2")).statusCode).toBe(200);
      const cancelled = await service.post("/v1/jobs/job_01890a5d-ac96-774b-bcce-b302099a8057/cancel", {});
      expect(cancelled.headers.ratelimit).toBeUndefined();
    } finally {
      await service.close();
    }
  });
});
