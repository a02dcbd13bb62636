import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EvaluatedModel, type JobSpec, loraRecovery } from "@espalier/contracts";
import {
  forwardProgram,
  type GraphSession,
  inputNames,
  openSession,
  outputNames,
  projectionWeight,
  weightFeeds,
} from "@espalier/graph";
import { cutWindows, loadTokenizer, openModel, readWeights } from "@espalier/model";
import { type CompensatedWeights, type Plan, planGates, planShape, recover, totalParameters } from "@espalier/pruning";
import type { ArtefactRequest, ExportContext } from "../../src/index.js";

const here = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
export const modelPath = here("examples/models/stories260K");
export const corpusPath = here("examples/corpora/tinystories-valid.txt");

/** Sizes of the shipped model. */
export const [LAYERS, GROUPS, PER_GROUP, CHANNELS] = [5, 4, 2, 172];

const WINDOWS = 8;
const LENGTH = 64;

/** Free layout: unequal layers. KV group and channel indices are arbitrary but fixed. */
export const freePlan = (): Plan => ({
  layers: [0, 1, 2, 3, 4].map((l) => ({
    kvGroups: Int32Array.from([0, 1, 2, 3].filter((k) => (k + l) % 4 !== 0 || l === 2)),
    channels: Int32Array.from({ length: 172 }, (_, f) => f).filter((f) => (f * 7 + l) % 5 !== 0 || l === 3),
  })),
});

/** The same widths in every layer, other units in each. */
export const uniformPlan = (): Plan => ({
  layers: [0, 1, 2, 3, 4].map((l) => ({
    kvGroups: Int32Array.from([0, 1, 2, 3].filter((k) => k !== l % 4)),
    channels: Int32Array.from({ length: 172 }, (_, f) => f).filter((f) => (f + l) % 4 !== 0),
  })),
});

/** Sub-blocks and a whole block without any unit, beside layers of unequal widths. */
export const droppedPlan = (): Plan => ({
  layers: freePlan().layers.map(({ kvGroups, channels }, l) => ({
    kvGroups: l === 1 || l === 3 ? Int32Array.of() : kvGroups,
    channels: l === 0 || l === 3 ? Int32Array.of() : channels,
  })),
});

/** Groups of one query head in some layers, chosen anyhow; of two in the others. */
export const thinPlan = (from = freePlan(), thins = (l: number): boolean => l % 2 === 1): Plan => ({
  layers: from.layers.map((layer, l) => (thins(l) ? { ...layer, queryHeads: Int32Array.from([0, 3, 4, 7]) } : layer)),
});

/** Biases of every projection that keeps inputs, as a compensation gives them. */
export const biasesOf = (plan: Plan): CompensatedWeights => ({
  weights: new Map(),
  biases: new Map(
    plan.layers.flatMap(({ kvGroups, channels }, l) => [
      ...(kvGroups.length > 0 ? [[inputNames.projectionBias(l, "o_proj"), bias(0.01 * l)] as const] : []),
      ...(channels.length > 0 ? [[inputNames.projectionBias(l, "down_proj"), bias(-0.02)] as const] : []),
    ]),
  ),
  method: "bias",
});
const bias = (value: number): Float32Array => new Float32Array(64).fill(value);

/** Two whole blocks gone, the others equally wide. */
export const shortPlan = (): Plan => ({
  layers: uniformPlan().layers.map((layer, l) =>
    l === 1 || l === 2 ? { kvGroups: Int32Array.of(), channels: Int32Array.of() } : layer,
  ),
});

export const noRepair: CompensatedWeights = { weights: new Map(), biases: new Map(), method: "none" };

/** A training of a second. */
export const shortLora = loraRecovery.parse({
  method: "lora",
  max_steps: 12,
  evaluate_every: 4,
  batch_windows: 4,
  warmup_steps: 2,
});

/** An export's view of a job, made of the real model and real text; `compensate` gives replaced weights. */
export async function exportContext(
  plan: Plan,
  compensate: (weights: ReadonlyMap<string, Float32Array>) => CompensatedWeights = () => noRepair,
  path = modelPath,
): Promise<ExportContext> {
  const model = await openModel(path);
  const weights = await readWeights(model);
  const tokenizer = await loadTokenizer(modelPath);
  const { windows } = await cutWindows({
    corpusPath,
    tokenizer,
    sequenceLength: LENGTH,
    skipWindows: 4,
    windows: WINDOWS,
  });
  const [training, validation] = await Promise.all(
    [12, 20].map(async (skipWindows) => {
      const part = { corpusPath, tokenizer, sequenceLength: LENGTH, skipWindows, windows: WINDOWS };
      return (await cutWindows(part)).windows;
    }),
  );
  const { shape } = model.config;
  return {
    model,
    shape,
    weights,
    plan: async () => plan,
    compensatedWeights: async () => compensate(weights),
    reportWindows: async () => windows,
    evaluate: async () => undefined,
    recover: async (pruned, options) =>
      recover(
        {
          ...options,
          pruned,
          dense: { shape, weights },
          training,
          validation: [{ windows: validation, weight: 1 }],
          seed: 7,
          now: () => 0,
        },
        shortLora,
      ),
    maskedReportLosses: async (masked, compensated) => {
      const biased = compensated.biases.size > 0;
      const graph = forwardProgram({ shape, sequenceLength: LENGTH, projectionBias: biased });
      const session = await openSession(graph, {});
      const replaced = new Map([...weights, ...compensated.weights]);
      const unbiased = graph.inputs
        .filter(({ name }) => name.startsWith(inputNames.biasPrefix))
        .map(({ name }) => [name, { data: new Float32Array(shape.hiddenSize), dims: [shape.hiddenSize] }] as const);
      const fixed = {
        ...weightFeeds(graph, replaced),
        ...Object.fromEntries(unbiased),
        ...extras(masked, compensated),
      };
      return maskedLosses(session, fixed, windows);
    },
  };

  function extras(masked: Plan, { biases }: CompensatedWeights) {
    const gates = planGates(shape, masked).flatMap(({ attention, mlp }, l) => [
      [inputNames.attentionGate(l), { data: attention, dims: [1, attention.length] }] as const,
      [inputNames.mlpGate(l), { data: mlp, dims: [1, mlp.length] }] as const,
    ]);
    return Object.fromEntries([...gates, ...[...biases].map(([name, data]) => [name, { data, dims: [data.length] }])]);
  }
}

async function maskedLosses(
  session: GraphSession,
  fixed: Parameters<GraphSession["run"]>[0],
  windows: readonly Int32Array[],
): Promise<Float64Array> {
  const losses = new Float64Array(windows.length);
  for (const [i, window] of windows.entries()) {
    const results = await session.run({
      ...fixed,
      [inputNames.inputIds]: { data: BigInt64Array.from(window, BigInt), dims: [1, LENGTH] },
      [inputNames.tokenWeights]: { data: new Float32Array(LENGTH - 1).fill(1), dims: [1, LENGTH - 1] },
    });
    losses[i] = [...(results[outputNames.tokenNll]?.data ?? [])].reduce<number>((sum, x) => sum + Number(x), 0);
  }
  await session.release();
  return losses;
}

/** Replaced projections, as a refit gives them: other numbers where units stay, zeros where they leave. */
export function scaled(weights: ReadonlyMap<string, Float32Array>, factor: number): CompensatedWeights {
  const names = [0, 1, 2, 3, 4].flatMap((l) => [projectionWeight(l, "o_proj"), projectionWeight(l, "down_proj")]);
  const replaced = names.map(
    (name) => [name, (weights.get(name) ?? new Float32Array()).map((x) => x * factor)] as const,
  );
  return { weights: new Map(replaced), biases: new Map(), method: "least_squares" };
}

const evaluated = (name: string, sparsity: number, parameters: number): EvaluatedModel => ({
  name,
  sparsity,
  achieved_sparsity: sparsity,
  parameters,
  scoring_perplexity: 4.25,
  report_perplexity: 4.5,
  compensation: "none",
  allocation: null,
  trial_number: null,
});

/** A whole request; `target` is the folder to make. */
export function exportRequest(context: ExportContext, plan: Plan, target: string): ArtefactRequest {
  const parameters = totalParameters(planShape(context.shape, plan));
  const split = { corpus: "tinystories-valid.txt", windows: WINDOWS, sequence_length: LENGTH, skip_windows: 4 };
  return {
    attempt: 1,
    context,
    spec: {
      model: { path: "stories260K" },
      calibration: { ...split, skip_windows: 12 },
      scoring: [{ ...split, skip_windows: 20, weight: 1 }],
      report: split,
      target: { sparsity: [0.2], layout: "free", round_to: 1 },
      search: {
        preset: "espalier",
        trials: 2,
        parallelism: 1,
        seed: 7,
        sampler: "tpe",
        refinement: 0,
        racing: false,
        space: {},
      },
      baselines: true,
      compensation: "none",
      recovery: { method: "none" },
      evaluation: { tasks: [] },
      export: { profiles: ["native"] },
      budget: { max_duration_seconds: null, max_compute_seconds: null },
      labels: { team: "tests" },
      contamination: [
        {
          ...{ split: "report", other: "scoring", n: 13, share: 0.25 },
          ...{ windows_touched: 3, windows_repeated: 2, windows: 8, warning: "2 of 8 report windows are repeated." },
        },
      ],
    } satisfies JobSpec,
    winners: [{ sparsity: 0.2, trialNumber: 1, params: { power: 1, agg: "sum" } }],
    recovered: [],
    report: {
      dense: evaluated("dense", 0, totalParameters(context.shape)),
      baselines: [evaluated("taylor_second", 0.2, parameters)],
      best: [evaluated("trial 1", 0.2, parameters)],
      improvement: [{ sparsity: 0.2, baseline: "taylor_second", relative: 0.05, interval: [0.01, 0.09] }],
      differences: [{ sparsity: 0.2, model: "taylor_second", relative: 0.05, interval: [0.01, 0.09] }],
      windowLosses: [],
    },
    trials: [
      { number: 1, state: "completed", params: { power: 1, agg: "sum" }, score: 1.4 },
      { number: 0, state: "completed", params: { power: 1, agg: "mean" }, score: 1.5 },
    ],
    corpusPaths: { calibration: corpusPath, scoring: [corpusPath], report: corpusPath },
    versions: { espalier: "0.1.0", onnxruntime: "1.30.0", node_major: 20 },
    target: join(target),
  };
}
