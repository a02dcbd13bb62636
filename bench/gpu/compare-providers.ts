/**
 * Profile and trials on every GPU provider of this machine against the CPU: numbers must agree to 1e-4, times are told as
 * ratios of one run. Prints one JSON line per figure and keeps them in bench/results/gpu.jsonl.
 * npm run bench:gpu -- [MODEL_DIR CORPUS] [--calibration 64] [--scoring 64] [--trials 8]
 */
import { appendFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type ExecutionProvider, listProviders } from "@espalier/graph";
import { loadTokenizer, modelHash, openModel, readWeights, tokenizerHash, windowReader } from "@espalier/model";
import { resultLine } from "../result-line.js";
import { lossesApart, statisticsApart } from "./differences.js";
import { type Pass, type PassInput, runPass } from "./pass.js";
import { randomPlans } from "./random-plans.js";

const TOLERANCE = 1e-4;
const WINDOW_TOKENS = 128;

const root = fileURLToPath(new URL("../../", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    calibration: { type: "string", default: "64" },
    scoring: { type: "string", default: "64" },
    trials: { type: "string", default: "8" },
    results: { type: "string", default: `${root}bench/results/gpu.jsonl` },
  },
});
const [modelPath = `${root}examples/models/stories260K`, corpusPath = `${root}examples/corpora/tinystories-train.txt`] =
  positionals;
const [calibration, scoring, trials] = [values.calibration, values.scoring, values.trials].map(Number);

async function readInput(): Promise<PassInput> {
  const folder = await openModel(modelPath);
  const { shape } = folder.config;
  const reader = windowReader(await loadTokenizer(modelPath));
  const cut = (skipWindows: number, windows: number) =>
    reader.cut({ corpusPath, windows, sequenceLength: WINDOW_TOKENS, skipWindows });
  return {
    model: {
      shape,
      weights: await readWeights(folder),
      modelHash: await modelHash(folder),
      tokenizerHash: await tokenizerHash(modelPath),
    },
    calibration: await cut(0, calibration),
    scoring: await cut(calibration, scoring),
    plans: randomPlans(shape, trials),
  };
}

/** Whether a provider's numbers are the CPU's. */
async function compare(provider: ExecutionProvider, input: PassInput, cpu: Pass): Promise<boolean> {
  const pass = await runPass(provider, input);
  try {
    const common = { provider, model: basename(modelPath), calibration, scoring, trials, tokens: WINDOW_TOKENS };
    const differences = {
      statistics: await statisticsApart(input.model.shape, cpu, pass),
      masked: lossesApart(cpu.masked, pass.masked),
      sliced: lossesApart(cpu.sliced, pass.sliced),
      ...(pass.half === undefined || cpu.half === undefined ? {} : { half: lossesApart(cpu.half, pass.half) }),
    };
    const agrees = Object.values(differences).every((apart) => apart <= TOLERANCE);
    record({ figure: "largest_difference", ...differences, tolerance: TOLERANCE, agrees, ...common });
    const [own, reference] = [secondsOf(pass), secondsOf(cpu)];
    record({ figure: "seconds", ...own, ...common });
    const ratios = Object.entries(own).map(([name, seconds]) => [name, reference[name] / seconds]);
    record({ figure: "cpu_seconds_over_provider_seconds", ...Object.fromEntries(ratios), ...common });
    return agrees;
  } finally {
    await pass.close();
  }
}

function secondsOf({ profileSeconds, masked, sliced, half }: Pass): Readonly<Record<string, number>> {
  const common = { profile: profileSeconds, masked: masked.seconds, sliced: sliced.seconds };
  return half === undefined ? common : { ...common, half: half.seconds };
}

function record(figures: Readonly<Record<string, unknown>>): void {
  const line = resultLine(figures);
  console.log(line);
  appendFileSync(values.results, `${line}\n`);
}

const others = (await listProviders()).filter((provider) => provider !== "cpu");
if (others.length === 0) {
  console.error("No GPU provider opens on this machine; `espalier doctor` says what is missing.");
  process.exitCode = 2;
} else {
  const input = await readInput();
  const cpu = await runPass("cpu", input);
  const agreed: boolean[] = [];
  for (const provider of others) agreed.push(await compare(provider, input, cpu));
  await cpu.close();
  process.exitCode = agreed.every(Boolean) ? 0 : 1;
}
