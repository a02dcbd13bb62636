import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkFile, listFixtures } from "../src/checks/run.js";

const folder = fileURLToPath(new URL("../../../../shared/fixtures/tpe", import.meta.url));
const present = existsSync(folder);

describe.skipIf(!present)("reference numbers of Optuna (skipped where ../shared is absent)", () => {
  const paths = present ? listFixtures(folder).filter((path) => !path.startsWith("results")) : [];
  it.each(paths)("reproduces %s", (path) => {
    expect(checkFile(`${folder}/${path}`)).toEqual({ kind: "passed" });
  });
});
