import type { DecoderShape } from "@espalier/contracts";
import {
  type Feeds,
  type FinishedGraph,
  forwardProgram,
  gateGradientsProgram,
  inputNames,
  openGates,
  openSession,
  outputNames,
  weightFeeds,
} from "@espalier/graph";
import { beforeAll, describe, expect, it } from "vitest";
import { fixtureModels, fixturesThere, type LlamaFixture, readFixture, readModel } from "./support/fixture-model.js";
import { filled, idTensor, numbers, relativeError } from "./support/tensors.js";

/** Runs a graph once on the fixture's windows with the mean over tokens as the loss. */
async function runOn(graph: FinishedGraph, fixture: LlamaFixture, weights: Map<string, Float32Array>, gates: Feeds) {
  const [rows, predicted] = [fixture.input_ids.length, fixture.input_ids[0].length - 1];
  const session = await openSession(graph);
  const results = await session.run({
    ...weightFeeds(graph, weights),
    ...gates,
    [inputNames.inputIds]: idTensor(fixture.input_ids),
    [inputNames.tokenWeights]: filled([rows, predicted], 1 / predicted),
  });
  await session.release();
  return results;
}

// Golden numbers of an independent float64 implementation; they are not part of a clone.
describe.skipIf(!fixturesThere).each(fixtureModels)("%s agrees with ../shared/fixtures/llama", (name) => {
  let fixture: LlamaFixture;
  let shape: DecoderShape;
  let weights: Map<string, Float32Array>;
  let options: { readonly shape: DecoderShape; readonly sequenceLength: number };
  beforeAll(() => {
    fixture = readFixture(name);
    ({ shape, weights } = readModel(name));
    options = { shape, sequenceLength: fixture.input_ids[0].length };
  });

  it.each([undefined, 10])("in token losses (headChunkTokens %s)", async (headChunkTokens) => {
    const chunk = headChunkTokens === undefined ? {} : { headChunkTokens };
    const graph = forwardProgram({ ...options, ...chunk, gates: false });
    const results = await runOn(graph, fixture, weights, {});
    const losses = numbers(results[outputNames.tokenNll]);
    expect(relativeError(losses, fixture.token_nll.flat())).toBeLessThan(1e-5);
    const means = fixture.token_nll.map((row) => row.reduce((sum, loss) => sum + loss, 0) / row.length);
    expect(relativeError(numbers(results[outputNames.rowLoss]), means)).toBeLessThan(1e-5);
  });

  it("in gate gradients of each sample", async () => {
    const graph = gateGradientsProgram(options);
    const results = await runOn(graph, fixture, weights, openGates(graph));
    shape.layers.forEach((_, layer) => {
      const heads = fixture.head_gate_grad.flatMap((sample) => sample[layer]);
      const channels = fixture.mlp_gate_grad.flatMap((sample) => sample[layer]);
      expect(relativeError(numbers(results[outputNames.attentionGateGradient(layer)]), heads)).toBeLessThan(1e-4);
      expect(relativeError(numbers(results[outputNames.mlpGateGradient(layer)]), channels)).toBeLessThan(1e-4);
    });
  });

  it("in token losses with units gated away", async () => {
    const graph = forwardProgram(options);
    const gates = openGates(graph);
    shape.layers.forEach(({ heads, kvHeads }, layer) => {
      const perKv = heads / kvHeads;
      for (const group of fixture.pruned.drop_kv_groups[layer]) {
        gates[inputNames.attentionGate(layer)].data.fill(0 as never, group * perKv, (group + 1) * perKv);
      }
      for (const channel of fixture.pruned.drop_mlp_channels[layer]) {
        gates[inputNames.mlpGate(layer)].data[channel] = 0;
      }
    });
    const results = await runOn(graph, fixture, weights, gates);
    const losses = numbers(results[outputNames.tokenNll]);
    expect(relativeError(losses, fixture.pruned.token_nll.flat())).toBeLessThan(1e-5);
  });
});
