import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { typesOf } from "../generate/types-of.js";

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), "utf8");

it("has the types of docs/openapi.json (npm run openapi)", async () => {
  const types = await typesOf(JSON.parse(await read("../../../docs/openapi.json")));
  expect(types === (await read("../src/generated/api.ts")), "src/generated/api.ts is stale: npm run openapi").toBe(
    true,
  );
});
