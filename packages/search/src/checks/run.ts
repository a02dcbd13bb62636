import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Difference } from "./compare.js";
import { readFixture } from "./fixture.js";
import { kindOf, kinds } from "./kinds.js";

/** What comparing one file came to. */
export type Outcome =
  | { readonly kind: "passed" }
  | { readonly kind: "ignored"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

/** Paths of the JSON files under a folder, sorted, relative to it. @throws the file system's error when it is missing. */
export function listFixtures(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** JSON text of a value with the numbers that JSON lacks. */
const show = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === "number" && !Number.isFinite(v) ? String(v) : v)) ?? "nothing";

const describe = ({ path, expected, found }: Difference): string =>
  `${path}: expected ${show(expected)}, found ${show(found)}`;

/** Compares one file with what the sampler computes. */
export function checkFile(path: string): Outcome {
  try {
    const fixture = readFixture(path);
    if (fixture === null) return { kind: "ignored", reason: "has neither input nor expected" };
    const kind = kindOf(fixture);
    if (kind === null) return { kind: "ignored", reason: "sampler quality is measured, not compared" };
    const difference = kinds[kind](fixture);
    return difference === null ? { kind: "passed" } : { kind: "failed", reason: describe(difference) };
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}
