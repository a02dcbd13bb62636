import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";

/** Any JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** One golden file: what goes in and what must come out. */
export interface Fixture {
  readonly input: Json;
  readonly expected: Json;
  /** Free text of the file and its name, where some kinds say which rule is meant. */
  readonly text: string;
  /** Made by Optuna 5, whose defaults differ from 4.9's. */
  readonly v5: boolean;
  readonly folder: string;
}

const SPECIAL_NUMBERS: ReadonlyMap<unknown, number> = new Map([
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["NaN", Number.NaN],
]);

/** Replaces the texts that stand for numbers JSON lacks. Lists are done whole: the entries of `choices` are names. */
function revive(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return key === "choices" ? value : value.map((item) => SPECIAL_NUMBERS.get(item) ?? item);
  const isListEntry = /^\d+$/.test(key);
  return isListEntry ? value : (SPECIAL_NUMBERS.get(value) ?? value);
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads a fixture; null where the file is JSON without the fixture form (neither input nor expected).
 * @throws SyntaxError for a file that is not JSON, TypeError for one that has only half of the form.
 */
export function readFixture(path: string): Fixture | null {
  const raw: unknown = JSON.parse(readFileSync(path, "utf8"), revive);
  if (!isObject(raw) || (raw["input"] === undefined && raw["expected"] === undefined)) return null;
  const { input, expected } = raw;
  if (!isObject(input) || !isObject(expected)) {
    // Sampler quality files need no input: their folder names them.
    if (isObject(expected) && basename(dirname(path)) === "results") return fixtureOf({}, expected, raw, path);
    throw new TypeError("input and expected must both be objects");
  }
  return fixtureOf(input, expected, raw, path);
}

function fixtureOf(input: Json, expected: Json, raw: Json, path: string): Fixture {
  const name = basename(path, ".json");
  return {
    input,
    expected,
    text: `${String(raw["case"] ?? "")} ${name}`,
    v5: /^optuna 5/i.test(String(raw["source"] ?? "")) || name.endsWith("_v5"),
    folder: basename(dirname(path)),
  };
}

/** An object of the file. @throws TypeError naming it when it is something else. */
export function asObject(value: unknown, what: string): Json {
  if (!isObject(value)) throw new TypeError(`${what} is not an object`);
  return value;
}

/** A list of the file. @throws TypeError naming it when it is something else. */
export function asList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${what} is not a list`);
  return value;
}

/** A list of numbers of the file. @throws TypeError naming the entry that is none. */
export function asNumbers(value: unknown, what: string): number[] {
  return asList(value, what).map((item, i) => {
    if (typeof item !== "number") throw new TypeError(`${what}[${i}] is ${JSON.stringify(item)}, not a number`);
    return item;
  });
}

/** A list of texts of the file. @throws TypeError naming it when an entry is none. */
export function asNames(value: unknown, what: string): string[] {
  return asList(value, what).map((item) => {
    if (typeof item !== "string") throw new TypeError(`${what} holds ${JSON.stringify(item)}, not a name`);
    return item;
  });
}
