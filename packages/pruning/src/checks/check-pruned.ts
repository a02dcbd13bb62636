import type { DecoderShape } from "@espalier/contracts";
import { type Feeds, forwardProgram, openGates, openSession, outputNames, weightFeeds } from "@espalier/graph";
import { packWindows } from "../execution/token-batch.js";
import { maskedFeeds } from "../scoring/candidate.js";
import { type Plan, planShape } from "../units/index.js";
import type { CheckedModel } from "./checked-model.js";
import { type Comparison, compare, LOSS_TOLERANCE } from "./comparison.js";
import { FixtureError, type LlamaFixture } from "./fixture.js";
import { sliceWeights } from "./slice-weights.js";

/** Windows run at once. */
const ROWS = 4;

/** Token losses after pruning: through gates on the dense shape, and on physically sliced weights with unequal layers. */
export async function checkPruned(model: CheckedModel, fixture: LlamaFixture): Promise<Comparison[]> {
  const { pruned, windows } = fixture;
  if (pruned === undefined) return [];
  const plan = planOf(model.shape, pruned);
  const masked = await tokenLosses(model.shape, model.weights, windows, plan);
  const sliced = await tokenLosses(
    planShape(model.shape, plan),
    sliceWeights(model.shape, model.weights, plan),
    windows,
    undefined,
  );
  return [
    compare("pruned.token_nll (masked)", masked, pruned.tokenNll, LOSS_TOLERANCE),
    compare("pruned.token_nll (sliced)", sliced, pruned.tokenNll, LOSS_TOLERANCE),
  ];
}

async function tokenLosses(
  shape: DecoderShape,
  weights: ReadonlyMap<string, Float32Array>,
  windows: readonly Int32Array[],
  plan: Plan | undefined,
): Promise<number[]> {
  const graph = forwardProgram({ shape, sequenceLength: windows[0].length });
  const session = await openSession(graph);
  try {
    const dense: Feeds = { ...weightFeeds(graph, weights), ...openGates(graph) };
    const gates = plan === undefined ? {} : maskedFeeds(shape, { plan }, dense);
    const losses: number[] = [];
    for (const batch of packWindows(windows, ROWS)) {
      const results = await session.run({ ...dense, ...gates, ...batch.feeds }, [outputNames.tokenNll]);
      for (const loss of results[outputNames.tokenNll].data) losses.push(Number(loss));
    }
    return losses;
  } finally {
    await session.release();
  }
}

function planOf(shape: DecoderShape, pruned: NonNullable<LlamaFixture["pruned"]>): Plan {
  const layers = shape.layers.length;
  if (pruned.dropKvGroups.length !== layers || pruned.dropMlpChannels.length !== layers) {
    throw new FixtureError(
      `pruned lists ${pruned.dropKvGroups.length} and ${pruned.dropMlpChannels.length} layers, the model has ${layers}`,
    );
  }
  return {
    layers: shape.layers.map((layer, l) => ({
      kvGroups: without(layer.kvHeads, pruned.dropKvGroups[l], `pruned.drop_kv_groups[${l}]`),
      channels: without(layer.intermediateSize, pruned.dropMlpChannels[l], `pruned.drop_mlp_channels[${l}]`),
    })),
  };
}

function without(units: number, dropped: readonly number[], name: string): Int32Array {
  const odd = dropped.find((unit) => !Number.isInteger(unit) || unit < 0 || unit >= units);
  if (odd !== undefined) throw new FixtureError(`${name} names unit ${odd} of ${units}`);
  const gone = new Set(dropped);
  return Int32Array.from({ length: units }, (_, unit) => unit).filter((unit) => !gone.has(unit));
}
