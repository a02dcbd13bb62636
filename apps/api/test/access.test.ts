import { type ApiScope, apiScopes, newApiKeyId } from "@espalier/contracts";
import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anonymous } from "../src/access/caller.js";
import { registerAccess } from "../src/plugins/access.js";
import { bearer, makeKey, ROOT, sql } from "./support/keys.js";
import { problemOf, smallJob, startService, type TestService } from "./support/service.js";

const NOBODY = "key_01890a5d-ac96-774b-bcce-b302099a8057";
const NO_JOB = "job_01890a5d-ac96-774b-bcce-b302099a8057";
const NO_MESSAGE = "msg_01890a5d-ac96-774b-bcce-b302099a8057";
const NO_ENDPOINT = "whe_01890a5d-ac96-774b-bcce-b302099a8057";

/** Every operation under /v1 with the scope that it needs, written once more: nothing opens by accident. */
const needed: readonly [method: "GET" | "HEAD" | "POST" | "PATCH" | "DELETE", url: string, scope: ApiScope][] = [
  ["POST", "/v1/jobs", "jobs:write"],
  ["GET", "/v1/jobs", "jobs:read"],
  ["GET", `/v1/jobs/${NO_JOB}`, "jobs:read"],
  ["HEAD", `/v1/jobs/${NO_JOB}`, "jobs:read"],
  ["DELETE", `/v1/jobs/${NO_JOB}`, "jobs:write"],
  ["POST", "/v1/jobs/estimate", "jobs:read"],
  ["POST", `/v1/jobs/${NO_JOB}/cancel`, "jobs:write"],
  ["POST", `/v1/jobs/${NO_JOB}/pause`, "jobs:write"],
  ["POST", `/v1/jobs/${NO_JOB}/resume`, "jobs:write"],
  ["POST", `/v1/jobs/${NO_JOB}/finish`, "jobs:write"],
  ["GET", `/v1/jobs/${NO_JOB}/trials`, "jobs:read"],
  ["GET", `/v1/jobs/${NO_JOB}/trials/0`, "jobs:read"],
  ["GET", `/v1/jobs/${NO_JOB}/history`, "jobs:read"],
  ["GET", `/v1/jobs/${NO_JOB}/comparison`, "jobs:read"],
  ["GET", `/v1/jobs/${NO_JOB}/pareto`, "jobs:read"],
  ["GET", `/v1/jobs/${NO_JOB}/importance`, "jobs:read"],
  ["GET", `/v1/jobs/${NO_JOB}/slices`, "jobs:read"],
  ["GET", `/v1/jobs/${NO_JOB}/calibration`, "jobs:read"],
  ["GET", `/v1/jobs/${NO_JOB}/parallel`, "jobs:read"],
  ["GET", `/v1/jobs/${NO_JOB}/layers`, "jobs:read"],
  ["GET", `/v1/jobs/${NO_JOB}/events`, "jobs:read"],
  ["GET", `/v1/jobs/${NO_JOB}/artifacts`, "artifacts:read"],
  ["POST", `/v1/jobs/${NO_JOB}/artifacts`, "jobs:write"],
  ["GET", `/v1/jobs/${NO_JOB}/artifacts/recipe.json`, "artifacts:read"],
  ["HEAD", `/v1/jobs/${NO_JOB}/artifacts/recipe.json`, "artifacts:read"],
  ["POST", "/v1/webhook-endpoints", "webhooks:write"],
  ["GET", "/v1/webhook-endpoints", "webhooks:write"],
  ["GET", `/v1/webhook-endpoints/${NO_ENDPOINT}`, "webhooks:write"],
  ["DELETE", `/v1/webhook-endpoints/${NO_ENDPOINT}`, "webhooks:write"],
  ["PATCH", `/v1/webhook-endpoints/${NO_ENDPOINT}`, "webhooks:write"],
  ["POST", `/v1/webhook-endpoints/${NO_ENDPOINT}/rotate-secret`, "webhooks:write"],
  ["POST", `/v1/webhook-endpoints/${NO_ENDPOINT}/test`, "webhooks:write"],
  ["GET", `/v1/webhook-endpoints/${NO_ENDPOINT}/deliveries`, "webhooks:write"],
  ["POST", `/v1/webhook-endpoints/${NO_ENDPOINT}/deliveries/${NO_MESSAGE}/redeliver`, "webhooks:write"],
  ["GET", "/v1/models", "jobs:read"],
  ["GET", "/v1/status", "jobs:read"],
  ["GET", "/v1/corpora", "jobs:read"],
  ["POST", "/v1/api-keys", "admin"],
  ["GET", "/v1/api-keys", "admin"],
  ["DELETE", `/v1/api-keys/${NOBODY}`, "admin"],
];

interface Operation {
  readonly security?: readonly { readonly bearer?: readonly string[] }[];
  readonly description?: string;
}

describe("a route that names no scope", () => {
  it("stops the app from being built", () => {
    const app = Fastify();
    registerAccess(
      app,
      async () => anonymous,
      async () => undefined,
    );
    expect(() => app.get("/v1/new", async () => "open")).toThrow(/GET \/v1\/new declares no scope/);
    expect(() => app.get("/v1/new", { config: { scope: "admin" } }, async () => "closed")).not.toThrow();
  });
});

describe("a service with keys", () => {
  let service: TestService;
  const keys = new Map<ApiScope, string>();
  beforeAll(async () => {
    service = await startService({ apiKey: ROOT });
    for (const scope of apiScopes) keys.set(scope, (await makeKey(service, [scope])).key);
  });
  afterAll(() => service.close());

  const ask = (method: "GET" | "HEAD" | "POST" | "PATCH" | "DELETE", url: string, headers: Record<string, string>) =>
    service.app.inject({ method, url, headers, ...(method === "POST" && { payload: {} }) });

  it.each(needed)("asks for the right scope at %s %s", async (method, url, scope) => {
    expect((await ask(method, url, {})).statusCode).toBe(401);
    for (const granted of apiScopes) {
      const response = await ask(method, url, bearer(keys.get(granted) ?? ""));
      if (granted === scope || granted === "admin") {
        expect([401, 403]).not.toContain(response.statusCode);
        continue;
      }
      expect(response.statusCode).toBe(403);
      expect(response.headers["www-authenticate"]).toBe(
        `Bearer realm="espalier", error="insufficient_scope", scope="${scope}"`,
      );
      if (method === "HEAD") continue;
      expect(problemOf(response)).toMatchObject({ code: "FORBIDDEN" });
      expect(problemOf(response).detail).toContain(`'${scope}'`);
    }
  });

  it("names the scope of every operation in its description, and no other operation is there", async () => {
    const { paths } = (await service.get("/openapi.json")).json<{
      paths: Record<string, Record<string, Operation>>;
    }>();
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      path.startsWith("/v1/")
        ? Object.entries(methods).map(([method, { security, description }]) => {
            const scope = security?.[0]?.bearer?.[0];
            expect(description).toContain(`Scope: \`${scope}\`.`);
            return `${method.toUpperCase()} ${path} ${scope}`;
          })
        : [],
    );
    const listed = needed
      .filter(([method]) => method !== "HEAD")
      .map(([method, url, scope]) => {
        const path = url
          .replace(/\/(?:job|whe|key)_[^/]+/, "/{id}")
          .replace(NO_MESSAGE, "{delivery_id}")
          .replace(/\/0$/, "/{number}");
        return `${method} ${path.replace("recipe.json", "{name}")} ${scope}`;
      });
    expect(described.sort()).toEqual(listed.sort());
  });

  it("leaves probes, version and description open", async () => {
    for (const url of ["/livez", "/readyz", "/startupz", "/version", "/openapi.json", "/docs/"]) {
      expect((await service.get(url)).statusCode).toBe(200);
    }
  });

  it("says how to authenticate, and what was wrong with what came", async () => {
    const unknown = `esp_${newApiKeyId().slice(4)}_${"x".repeat(43)}`;
    const [, known = ""] = [...keys.values()];
    const answers: [Record<string, string>, string][] = [
      [{}, 'Bearer realm="espalier"'],
      [bearer("nonsense"), 'Bearer realm="espalier", error="invalid_token"'],
      [bearer(unknown), 'Bearer realm="espalier", error="invalid_token"'],
      [
        bearer(`${known.slice(0, -1)}${known.endsWith("A") ? "B" : "A"}`),
        'Bearer realm="espalier", error="invalid_token"',
      ],
      [{ authorization: `Basic ${known}` }, 'Bearer realm="espalier", error="invalid_token"'],
    ];
    for (const [headers, challenge] of answers) {
      const response = await service.get("/v1/jobs", headers);
      expect(response.statusCode).toBe(401);
      expect(response.headers["www-authenticate"]).toBe(challenge);
      expect(problemOf(response).code).toBe("UNAUTHORIZED");
    }
  });

  it("remembers which key submitted a job", async () => {
    const { view, key } = await makeKey(service, ["jobs:write"]);
    const response = await service.post("/v1/jobs", smallJob, bearer(key));
    expect(response.statusCode).toBe(202);
    const rows = await sql(service, "SELECT api_key_id FROM jobs WHERE id = $1", response.json().job.id);
    expect(rows).toEqual([{ api_key_id: view.id }]);
  });
});
