import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobCount, problemOf, smallJob, startService, type TestService } from "./support/service.js";

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const keys = (count: number): string => Array.from({ length: count }, (_, index) => `"k${index}":1`).join(",");
const withoutEnd = JSON.stringify(smallJob).slice(0, -1);

/** Longest answer to a body of at most 1 MiB. */
const MOST_BYTES = 128 * 1024;

describe("a body that is hostile", () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  it.each([
    ["nested a hundred thousand deep", nested(100_000), 422],
    ["nested so in a field that is not known", `${withoutEnd},"extra":${nested(100_000)}}`, 422],
    ["nested so in a label", `${withoutEnd},"labels":{"a":${nested(100_000)}}}`, 422],
    ["nested so in the space", `${withoutEnd},"search":{"space":{"a":${nested(100_000)}}}}`, 422],
    ["without an end to its nesting", "[".repeat(500_000), 400],
    ["with fifty thousand keys that are not known", `${withoutEnd},${keys(50_000)}}`, 422],
    ["with fifty thousand labels", `${withoutEnd},"labels":{${keys(50_000)}}}`, 422],
    ["with a key of 500 kB", `${withoutEnd},"${"x".repeat(500_000)}":1}`, 422],
    ["with a number that is infinite", `${withoutEnd},"budget":{"max_duration_seconds":1e999}}`, 422],
    ["with a poisoned prototype further down", `${withoutEnd},"labels":{"__proto__":{"a":1}}}`, 400],
    ["with a poisoned constructor", `${withoutEnd},"labels":{"constructor":{"prototype":{"a":1}}}}`, 400],
    [
      "with a time of a hundred thousand digits",
      `{"name":"a","scopes":["admin"],"expires_at":"2027-01-01T00:00:00.${"0".repeat(100_000)}Z"}`,
      422,
    ],
  ])("%s is refused in a few words", async (_what, payload, status) => {
    const url = payload.includes("scopes") ? "/v1/api-keys" : "/v1/jobs";
    const headers = { "content-type": "application/json" };
    const response = await service.app.inject({ method: "POST", url, payload, headers });
    expect(response.statusCode).toBe(status);
    expect(response.body.length).toBeLessThan(MOST_BYTES);
    expect(problemOf(response).status).toBe(status);
  });

  it("leaves a service that answers, and no job", async () => {
    expect((await service.get("/livez")).statusCode).toBe(200);
    expect(await jobCount(service)).toBe(0);
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
  });
});
