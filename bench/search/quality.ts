/**
 * Sampler quality: quartiles over seeds of the best value after 25, 50, 100 and 200 trials on the test functions, beside the
 * stored ones of Optuna 5.0's default and of a Gaussian process (see stored-medians.ts), with a verdict on our median.
 * Prints one JSON line per function and mark.
 * npm run bench -- search/quality [SEEDS] [PRESET] [OPTIONS AS JSON] [FUNCTIONS]
 */
import { defineSpace, streamRng, type Trial, tpeOptions, tpePresets, tpeSampler } from "@espalier/search";
import { printResult } from "../result-line.js";
import { functions, type TestFunction } from "./functions.js";
import { type Quartiles, type Stored, storedQuartiles } from "./stored-medians.js";

const BUDGET = 200;
const MARKS = [25, 50, 100, 200];
const [seeds = "20", preset = "espalier", changes = "{}", wanted] = process.argv.slice(2);
const options = JSON.parse(changes);

function isPreset(name: string): name is keyof typeof tpePresets {
  return Object.hasOwn(tpePresets, name);
}
if (!isPreset(preset)) throw new RangeError(`preset '${preset}' is none of ${Object.keys(tpePresets).join(", ")}`);
const sampler = tpeSampler(tpeOptions(options, preset));

/** Best value so far after each mark, for one seed. */
function search({ parameters, value }: TestFunction, seed: number): number[] {
  const space = defineSpace(parameters);
  const trials: Trial[] = [];
  let best = Infinity;
  const bests: number[] = [];
  for (let number = 0; number < BUDGET; number++) {
    const params = sampler.suggest(space, { directions: ["minimize"], trials }, streamRng(seed, number));
    const result = value(params);
    trials.push({ number, state: "complete", params, values: [result] });
    best = Math.min(best, result);
    if (MARKS.includes(number + 1)) bests.push(best);
  }
  return bests;
}

/** Linear interpolation between sorted values, as in the stored figures. */
function quartiles(values: readonly number[]): Quartiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)];
    return below + (place - Math.floor(place)) * (sorted[Math.ceil(place)] - below);
  };
  return { q25: at(0.25), median: at(0.5), q75: at(0.75) };
}

/** Whether a median (smaller is better) is below another sampler's, or within its quartiles, or above them. */
function verdict({ median }: Quartiles, other: Quartiles): "below" | "within_quartiles" | "above" {
  if (median < other.median) return "below";
  return median <= other.q75 ? "within_quartiles" : "above";
}

/** A stored sampler's figures at a mark, and the verdict against them. */
function comparisons(ours: Quartiles, stored: Stored, mark: number): Record<string, unknown> {
  const entries = Object.entries(stored).flatMap(([name, rows]: [string, readonly Quartiles[]]) =>
    rows[mark] === undefined ? [] : [[name, { ...rows[mark], verdict: verdict(ours, rows[mark]) }] as const],
  );
  return Object.fromEntries(entries);
}

for (const [name, fn] of Object.entries(functions)) {
  if (wanted !== undefined && !wanted.split(",").includes(name)) continue;
  const bests = Array.from({ length: Number(seeds) }, (_, seed) => search(fn, seed));
  MARKS.forEach((trials, mark) => {
    const ours = quartiles(bests.map((row) => row[mark]));
    const settings = { preset, options, seeds: Number(seeds) };
    const stored = storedQuartiles[name as keyof typeof storedQuartiles];
    printResult({
      bench: "search/quality",
      function: name,
      trials,
      ...settings,
      ...ours,
      ...comparisons(ours, stored, mark),
    });
  });
}
