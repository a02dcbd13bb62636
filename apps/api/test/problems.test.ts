import { connect } from "node:net";
import { problem } from "@espalier/contracts";
import { makeApiMetrics } from "@espalier/telemetry";
import { makeAddressPolicy } from "@espalier/webhooks";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "../src/app.js";
import type { ApiDeps } from "../src/deps.js";
import { problemOf, startService, type TestService } from "./support/service.js";

const key = "a-key-of-this-service";

/** Sends bytes as they are; what the parser refuses never becomes a request. */
function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (text) => {
      answer += text;
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

describe("errors", () => {
  let service: TestService;
  let port: number;
  beforeAll(async () => {
    service = await startService();
    port = Number(new URL(await service.app.listen({ host: "127.0.0.1", port: 0 })).port);
  });
  afterAll(() => service.close());

  const inject = (method: "GET" | "POST" | "PUT", url: string, payload = "", type = "application/json") =>
    service.app.inject({ method, url, payload, headers: payload === "" ? {} : { "content-type": type } });

  it.each([
    ["an unknown path", () => inject("GET", "/v2/jobs"), 404, "NOT_FOUND"],
    ["a wrong method", () => inject("PUT", "/v1/jobs", "{}"), 405, "METHOD_NOT_ALLOWED"],
    ["bad JSON", () => inject("POST", "/v1/jobs", "{bad"), 400, "BAD_REQUEST"],
    ["an empty body", () => inject("POST", "/v1/jobs"), 422, "VALIDATION_FAILED"],
    ["a poisoned body", () => inject("POST", "/v1/jobs", '{"__proto__": {"a": 1}}'), 400, "BAD_REQUEST"],
    ["another media type", () => inject("POST", "/v1/jobs", "a=1", "text/plain"), 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["a huge body", () => inject("POST", "/v1/jobs", `"${"x".repeat(1_048_576)}"`), 413, "PAYLOAD_TOO_LARGE"],
    ["a bad URL", () => inject("GET", "/v1/jobs/%zz"), 400, "BAD_REQUEST"],
  ])("of %s are problem details", async (_what, ask, status, code) => {
    const response = await ask();
    expect(response.statusCode).toBe(status);
    expect(response.headers["content-type"]).toBe("application/problem+json");
    const body = problem.parse(response.json());
    expect(body).toMatchObject({ status, code });
    expect(body.request_id).toMatch(/^req_/);
  });

  it("meet requests under a foreign name while no key is set", async () => {
    const response = await service.get("/v1/jobs", { host: "rebound.example.com" });
    expect(response.statusCode).toBe(400);
    expect((await service.get("/v1/jobs", { host: "[::1]:8080" })).statusCode).toBe(200);
  });

  it.each([
    ["PUT", "/v1/jobs", "GET, HEAD, POST"],
    ["OPTIONS", "/v1/jobs", "GET, HEAD, POST"],
    ["PATCH", "/v1/jobs/job_01890a5d-ac96-774b-bcce-b302099a8057", "DELETE, GET, HEAD"],
    ["HEAD", "/v1/jobs/job_01890a5d-ac96-774b-bcce-b302099a8057/events", "GET"],
    ["POST", "/livez", "GET, HEAD"],
  ] as const)("name the methods that a path allows: %s %s", async (method, url, allowed) => {
    const response = await service.app.inject({ method, url, headers: { origin: "https://elsewhere.test" } });
    expect([response.statusCode, response.headers.allow]).toEqual([405, allowed]);
    // No page of another origin is let in.
    expect(Object.keys(response.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });

  it("of a HEAD request have no body", async () => {
    const response = await service.app.inject({ method: "HEAD", url: "/v1/jobs?limit=1" });
    expect([response.statusCode, response.body]).toEqual([200, ""]);
  });

  it("carry the caller's request id", async () => {
    const response = await service.get("/nowhere", { "x-request-id": "mine-1" });
    expect(problemOf(response).request_id).toBe("mine-1");
    expect(response.headers["x-request-id"]).toBe("mine-1");
  });

  it("before there is a request are problem details too", async () => {
    const overflow = await sendRaw(port, `GET / HTTP/1.1\r\nHost: a\r\nX-Big: ${"x".repeat(20_000)}\r\n\r\n`);
    expect(overflow).toMatch(/^HTTP\/1\.1 431 /);
    expect(overflow).toContain("application/problem+json");
    const nonsense = await sendRaw(port, "NONSENSE\r\n\r\n");
    expect(nonsense).toMatch(/^HTTP\/1\.1 400 /);
    const body = nonsense.slice(nonsense.indexOf("\r\n\r\n") + 4);
    expect(problem.parse(JSON.parse(body)).code).toBe("BAD_REQUEST");
  });

  it("on a real port are the same", async () => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/jobs/none`);
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ code: "JOB_NOT_FOUND", instance: "/v1/jobs/none" });
  });
});

describe("an app whose parts fail", () => {
  const lines: string[] = [];
  let app: FastifyInstance;
  const broken = (): Promise<never> => Promise.reject(new Error("password=hunter2 at 10.0.0.3"));
  const parts = <T extends object>(): T => new Proxy({}, { get: () => broken }) as T;

  beforeAll(() => {
    app = buildApp({
      views: parts<ApiDeps["views"]>(),
      endpoints: parts<ApiDeps["endpoints"]>(),
      objects: parts<ApiDeps["objects"]>(),
      inventory: parts<ApiDeps["inventory"]>(),
      pings: { postgres: broken, queue: broken, files: broken },
      readStatus: broken,
      submitJob: broken,
      estimateJob: broken,
      requestExport: broken,
      jobControl: parts<ApiDeps["jobControl"]>(),
      newSecret: () => "",
      webhookPolicy: { addresses: makeAddressPolicy(), allowHttp: false },
      apiKeys: parts<ApiDeps["apiKeys"]>(),
      apiKey: key,
      rateLimits: { reads: 0, writes: 0 },
      metrics: makeApiMetrics({ rows: broken, messages: broken }),
      version: "0",
      logger: pino({ level: "info" }, { write: (line) => void lines.push(line) }),
    });
  });
  afterAll(() => app.close());

  const get = (url: string, authorization = `Bearer ${key}`) => app.inject({ url, headers: { authorization } });

  it("asks for the key on every /v1 call, whatever the spelling", async () => {
    for (const url of ["/v1/jobs", "/%761/jobs", "/v1/models"]) {
      for (const authorization of ["", "Bearer", "Bearer wrong", `Basic ${key}`, key]) {
        const response = await get(url, authorization);
        expect(response.statusCode).toBe(401);
        expect(response.headers["www-authenticate"]).toContain("Bearer");
        expect(problemOf(response).code).toBe("UNAUTHORIZED");
      }
    }
  });

  it("tells clients nothing of what went wrong inside, and the log everything but secrets", async () => {
    const response = await get("/v1/jobs");
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain("hunter2");
    const { code, request_id } = problemOf(response);
    expect(code).toBe("INTERNAL");
    const log = lines.join("");
    expect(log).toContain(request_id);
    expect(log).toContain("hunter2");
    expect(log).not.toContain(key);
  });

  it("tells probes that it lives and is not ready", async () => {
    expect((await get("/livez", "")).statusCode).toBe(200);
    const ready = await get("/readyz", "");
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toEqual({
      status: "unavailable",
      checks: { postgres: "unavailable", queue: "unavailable", files: "unavailable" },
    });
    expect((await get("/startupz", "")).statusCode).toBe(503);
  });
});
