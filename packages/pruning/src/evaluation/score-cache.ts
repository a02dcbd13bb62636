import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../statistics/atomic-file.js";
import type { ChoiceScore } from "./run-choices.js";

/** Scores of a dense model's task files, kept between jobs. */
export interface ScoreCache {
  /** Choice scores of every item, or undefined where they are not there or not readable. */
  get(key: string): Promise<readonly (readonly ChoiceScore[])[] | undefined>;
  put(key: string, scores: readonly (readonly ChoiceScore[])[]): Promise<void>;
}

/** Address of what scores depend on. */
export const scoreKey = (...parts: readonly (string | boolean)[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");

/** Keeps scores as `<dir>/<key>.json`; what cannot be read counts as not there. */
export function openScoreCache(dir: string): ScoreCache {
  const pathOf = (key: string): string => join(dir, `${key}.json`);
  return {
    async get(key) {
      const text = await readFile(pathOf(key), "utf8").catch(() => undefined);
      return text === undefined ? undefined : parsed(text);
    },
    async put(key, scores) {
      await mkdir(dir, { recursive: true });
      const rows = scores.map((item) => item.map(({ logLikelihood, greedy }) => [logLikelihood, greedy]));
      await writeAtomically(pathOf(key), (temporary) => writeFile(temporary, JSON.stringify(rows)));
    },
  };
}

function parsed(text: string): readonly (readonly ChoiceScore[])[] | undefined {
  try {
    const rows = JSON.parse(text) as [number, boolean][][];
    return rows.map((item) => item.map(([logLikelihood, greedy]) => ({ logLikelihood, greedy })));
  } catch {
    return undefined; // cut short or foreign: it is computed again
  }
}
