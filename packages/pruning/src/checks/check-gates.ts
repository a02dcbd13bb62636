import { gateGradientsProgram, openGates, openSession, outputNames, weightFeeds } from "@espalier/graph";
import { packWindows } from "../execution/token-batch.js";
import type { CheckedModel } from "./checked-model.js";
import { type Comparison, compare, GRADIENT_TOLERANCE, LOSS_TOLERANCE } from "./comparison.js";
import type { LlamaFixture } from "./fixture.js";

/** Windows run at once. */
const ROWS = 4;

/** Token losses and per-sample gate gradients of the dense model. */
export async function checkGates({ shape, weights }: CheckedModel, fixture: LlamaFixture): Promise<Comparison[]> {
  const graph = gateGradientsProgram({ shape, sequenceLength: fixture.windows[0].length });
  const session = await openSession(graph);
  const losses: number[] = [];
  const heads: number[] = [];
  const channels: number[] = [];
  try {
    const fixed = { ...weightFeeds(graph, weights), ...openGates(graph) };
    for (const batch of packWindows(fixture.windows, ROWS)) {
      const results = await session.run({ ...fixed, ...batch.feeds });
      append(losses, results[outputNames.tokenNll].data);
      for (let row = 0; row < batch.rows; row++) {
        shape.layers.forEach(({ heads: h, intermediateSize: f }, l) => {
          append(heads, results[outputNames.attentionGateGradient(l)]?.data.subarray(row * h, (row + 1) * h));
          append(channels, results[outputNames.mlpGateGradient(l)]?.data.subarray(row * f, (row + 1) * f));
        });
      }
    }
  } finally {
    await session.release();
  }
  const { tokenNll, headGateGrad, mlpGateGrad } = fixture;
  return [
    compare("token_nll", losses, tokenNll, LOSS_TOLERANCE),
    ...(headGateGrad === undefined ? [] : [compare("head_gate_grad", heads, headGateGrad, GRADIENT_TOLERANCE)]),
    ...(mlpGateGrad === undefined ? [] : [compare("mlp_gate_grad", channels, mlpGateGrad, GRADIENT_TOLERANCE)]),
  ];
}

function append(to: number[], values: ArrayLike<number | bigint> | undefined): void {
  for (let i = 0; i < (values?.length ?? 0); i++) to.push(Number(values?.[i]));
}
