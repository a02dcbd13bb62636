import { readFile } from "node:fs/promises";
import { errorsDocument } from "@espalier/contracts";
import { Validator } from "@seriousme/openapi-schema-validator";
import { beforeAll, describe, expect, it } from "vitest";
import { describeApi } from "../src/describe-api.js";
import { readVersion } from "../src/version.js";

interface Description {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string }>>;
}

/** Every operation that clients were promised. */
const operations = [
  "POST /v1/jobs",
  "GET /v1/jobs",
  "GET /v1/jobs/{id}",
  "DELETE /v1/jobs/{id}",
  "POST /v1/jobs/estimate",
  "POST /v1/jobs/{id}/cancel",
  "POST /v1/jobs/{id}/pause",
  "POST /v1/jobs/{id}/resume",
  "POST /v1/jobs/{id}/finish",
  "GET /v1/jobs/{id}/trials",
  "GET /v1/jobs/{id}/trials/{number}",
  "GET /v1/jobs/{id}/history",
  "GET /v1/jobs/{id}/comparison",
  "GET /v1/jobs/{id}/pareto",
  "GET /v1/jobs/{id}/importance",
  "GET /v1/jobs/{id}/slices",
  "GET /v1/jobs/{id}/calibration",
  "GET /v1/jobs/{id}/parallel",
  "GET /v1/jobs/{id}/layers",
  "GET /v1/jobs/{id}/artifacts",
  "POST /v1/jobs/{id}/artifacts",
  "GET /v1/jobs/{id}/artifacts/{name}",
  "GET /v1/jobs/{id}/events",
  "POST /v1/webhook-endpoints",
  "PATCH /v1/webhook-endpoints/{id}",
  "POST /v1/webhook-endpoints/{id}/rotate-secret",
  "POST /v1/webhook-endpoints/{id}/test",
  "POST /v1/webhook-endpoints/{id}/deliveries/{delivery_id}/redeliver",
  "GET /v1/webhook-endpoints",
  "GET /v1/webhook-endpoints/{id}",
  "DELETE /v1/webhook-endpoints/{id}",
  "GET /v1/webhook-endpoints/{id}/deliveries",
  "POST /v1/api-keys",
  "GET /v1/api-keys",
  "DELETE /v1/api-keys/{id}",
  "GET /v1/models",
  "GET /v1/corpora",
  "GET /v1/status",
  "GET /livez",
  "GET /readyz",
  "GET /startupz",
  "GET /version",
  "GET /metrics",
  "GET /openapi.json",
];

const docs = (name: string): Promise<string> => readFile(new URL(`../../../docs/${name}`, import.meta.url), "utf8");

describe("the OpenAPI description", () => {
  let description: Description;
  beforeAll(async () => {
    description = (await describeApi(readVersion())) as Description;
  });

  it("is valid OpenAPI 3.1", async () => {
    expect(await new Validator().validate({ ...structuredClone(description) })).toMatchObject({ valid: true });
    expect(description.openapi).toBe("3.1.0");
  });

  it("has every operation, each with a name of its own", () => {
    const described = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual([...operations].sort());
    const names = Object.values(description.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(names).size).toBe(operations.length);
  });

  it("has all states of jobs and trials", () => {
    const text = JSON.stringify(description);
    expect(text).toContain('"queued","profiling","searching","paused","exporting","succeeded","failed","cancelled"');
    expect(text).toContain('"waiting","running","completed","pruned","failed","infeasible","cancelled"');
  });

  it("is the one in docs/, as is the list of errors (npm run openapi)", async () => {
    expect(JSON.parse(await docs("openapi.json"))).toEqual(JSON.parse(JSON.stringify(description)));
    expect(await docs("errors.md")).toBe(errorsDocument());
  });
});
