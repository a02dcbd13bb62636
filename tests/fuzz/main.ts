// npm run fuzz -- --minutes 10 [--seed 1] [--only tokenizer]: tries changed inputs on every parser until the time is over.
import { parseArgs } from "node:util";
import fc from "fast-check";
import { keepInput } from "./corpus.js";
import type { FuzzTarget } from "./fuzz-target.js";
import { fuzzTargets } from "./targets/index.js";

const RUNS_AT_ONCE = 100;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Tries some inputs; false where one broke the target, which is then kept. */
async function tryInputs(target: FuzzTarget, seed: number): Promise<boolean> {
  const property = fc.asyncProperty(target.inputs, async (input) => target.check(input));
  const found = await fc.check(property, { numRuns: RUNS_AT_ONCE, seed });
  if (!found.failed) return true;
  const input = found.counterexample?.[0] ?? new Uint8Array();
  say(`\n${target.name} broke with --seed ${seed} --only ${target.name}: ${String(found.errorInstance)}`);
  say(`kept as ${keepInput(target.name, input)}: ${JSON.stringify(Buffer.from(input).toString().slice(0, 500))}`);
  return false;
}

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    only: { type: "string" },
  },
});
const targets = fuzzTargets.filter(({ name }) => values.only === undefined || name === values.only);
if (targets.length === 0 || !(Number(values.minutes) > 0) || !Number.isInteger(Number(values.seed))) {
  say(`--minutes is a number, --seed a whole one, --only one of ${fuzzTargets.map((t) => t.name).join(", ")}`);
  process.exit(2);
}
const end = performance.now() + Number(values.minutes) * 60_000;
const broken = new Set<string>();
let inputs = 0;
for (let seed = Number(values.seed); performance.now() < end && broken.size < targets.length; seed++) {
  for (const target of targets.filter(({ name }) => !broken.has(name))) {
    process.stderr.write(`\rseed ${seed}, ${target.name}`.padEnd(60));
    if (!(await tryInputs(target, seed))) broken.add(target.name);
    inputs += RUNS_AT_ONCE;
  }
}
say(`\n${inputs} inputs, ${broken.size === 0 ? "nothing broke" : `broke: ${[...broken].join(", ")}`}`);
process.exitCode = broken.size === 0 ? 0 : 1;
