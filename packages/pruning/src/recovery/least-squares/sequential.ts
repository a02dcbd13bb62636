import type { LeastSquaresRecovery } from "@espalier/contracts";
import { projectionWeight } from "@espalier/graph";
import { DEFAULT_MEMORY_BYTES } from "../../execution/memory.js";
import type { Recovered, RecoveryInput, RecoveryMethod } from "../recovery.js";
import { openValidation } from "../validation.js";
import { refitTowards } from "./refit.js";
import { StateWindows } from "./state-windows.js";
import { advance, embedInto, measureLack, outputProjection, type SubBlock } from "./sub-blocks.js";

/** Share of the memory bound that hidden states of both models may take. */
const STATES_SHARE = 1 / 4;

/**
 * Refits the output projection of one sub-block after the other: its inputs come from the pruned model as far as it is
 * repaired, and its outputs are to bring the residual stream to where the dense model has it, so that later sub-blocks make
 * up for what earlier ones lost. Kept only where the scoring text gets no worse.
 */
export const sequentialLeastSquares: RecoveryMethod<LeastSquaresRecovery> = {
  async recover(input, settings) {
    const weights = await refitAll(input, settings);
    const validation = await openValidation(input);
    try {
      const [before, after] = [
        await validation.loss(new Map(), input.signal),
        await validation.loss(weights, input.signal),
      ];
      const isBetter = after <= before || Number.isNaN(before);
      return isBetter ? { weights, loss: after, training: null } : { weights: new Map(), loss: before, training: null };
    } finally {
      await validation.close();
    }
  },
};

async function refitAll(input: RecoveryInput, settings: LeastSquaresRecovery): Promise<Recovered["weights"]> {
  const { dense, onProgress } = input;
  const windows = input.training.slice(0, windowsThatFit(input));
  const own = new Map(input.pruned.weights);
  const pruned = { shape: input.pruned.shape, weights: own };
  const [states, targets] = [dense, pruned].map(
    ({ shape }) => new StateWindows(windows.length, windows[0].length, shape.hiddenSize),
  );
  await embedInto(states, pruned, windows, input);
  await embedInto(targets, dense, windows, input);
  const refitted = new Map<string, Float32Array>();
  const steps = subBlocks(dense);
  onProgress?.({ done: 0, of: steps.length, loss: null });
  for (const [done, target] of steps.entries()) {
    await advance(targets, target, input);
    const block = { ...target, model: pruned };
    if (hasPart(block)) {
      const lack = await measureLack(states, targets, block, input);
      const name = projectionWeight(block.layer, outputProjection(block.part));
      const weight = own.get(name);
      if (weight === undefined) throw new RangeError(`the pruned model has no '${name}'`);
      const repaired = refitTowards(weight, lack, settings.lambda);
      own.set(name, repaired);
      refitted.set(name, repaired);
      await advance(states, block, input);
    }
    onProgress?.({ done: done + 1, of: steps.length, loss: null });
  }
  return refitted;
}

/** Windows whose states of both models take at most a quarter of the memory bound; at least one. */
function windowsThatFit({ dense, training, memoryBytes = DEFAULT_MEMORY_BYTES }: RecoveryInput): number {
  const bytes = 2 * Float32Array.BYTES_PER_ELEMENT * training[0].length * dense.shape.hiddenSize;
  return Math.max(1, Math.floor((STATES_SHARE * memoryBytes) / bytes));
}

const hasPart = ({ model, layer, part }: SubBlock): boolean => {
  const { kvHeads, intermediateSize } = model.shape.layers[layer];
  return (part === "attention" ? kvHeads : intermediateSize) > 0;
};

const subBlocks = (model: SubBlock["model"]): SubBlock[] =>
  [...model.shape.layers.keys()]
    .flatMap((layer): SubBlock[] => [
      { model, layer, part: "attention" },
      { model, layer, part: "mlp" },
    ])
    .filter(hasPart);
