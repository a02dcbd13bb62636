import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { lintFromString, loadConfig } from "@redocly/openapi-core";
import { describe, expect, it } from "vitest";

const root = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

describe("docs/openapi.json", () => {
  it("passes Redocly's rules, warnings too (redocly.yaml)", async () => {
    const config = await loadConfig({ configPath: root("redocly.yaml") });
    const absoluteRef = root("docs/openapi.json");
    const problems = await lintFromString({ source: await readFile(absoluteRef, "utf8"), absoluteRef, config });
    const found = problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`);
    expect(found).toEqual([]);
  });

  it("would not pass them with an operation that says nothing", async () => {
    const config = await loadConfig({ configPath: root("redocly.yaml") });
    const description = JSON.parse(await readFile(root("docs/openapi.json"), "utf8"));
    description.paths["/v1/nothing"] = { get: { responses: { 200: { description: "" } } } };
    const absoluteRef = root("docs/openapi.json");
    const problems = await lintFromString({ source: JSON.stringify(description), absoluteRef, config });
    const rules = problems.map(({ ruleId }) => ruleId);
    expect(rules).toEqual(
      expect.arrayContaining(["operation-operationId", "operation-summary", "operation-4xx-response"]),
    );
  });
});
