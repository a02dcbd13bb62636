import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { repository } from "../e2e/repository.js";
import { faultRows, hostileRows } from "./rows.js";

describe("the fault table", () => {
  it("has twenty rows, each with tests that exist", () => {
    expect(faultRows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    const named = [...faultRows, ...hostileRows].flatMap(({ tests }) => tests);
    expect(named.filter((path) => !existsSync(repository(path)))).toEqual([]);
    expect(faultRows.filter(({ tests }) => tests.length === 0)).toEqual([]);
  });

  it("names every test of hostile input that docs/security.md names", () => {
    const security = readFileSync(repository("docs/security.md"), "utf8");
    const section = security.slice(security.indexOf("## Hostile input"), security.indexOf("## Every request field"));
    const tests = [...section.matchAll(/`((?:packages|apps)\/[^`]+\.test\.ts)`/g)].map(([, path]) => path);
    const named = hostileRows.flatMap((row) => row.tests);
    expect(tests.filter((path) => !named.includes(path))).toEqual([]);
  });
});
