import { addProduct, choleskyInPlace, indices, solveRowsInPlace, submatrix } from "../linear-algebra/index.js";
import type { Elimination } from "./elimination.js";

/**
 * Greedy elimination of blocks of `width` neighbouring inputs (the columns of o_proj that one KV group feeds). A block
 * B costs tr(W_B (P_BB)⁻¹ W_Bᵀ); once it leaves, W ← W − W_B (P_BB)⁻¹ P_B: and P ← P − P_:B (P_BB)⁻¹ P_B:.
 * `inverse`: P = R⁻¹ [inputs, inputs]. `weight`: W [outputs, inputs]. Neither is changed. Ties: smaller index.
 * With groups K: about K²/2·(width³/3 + outputs·width²) multiplications for the costs.
 * `family`: blocks come in families of so many neighbours, and each family loses one block before any loses a further one.
 * Default: all blocks are one family, and the order is free.
 */
export function eliminateBlocks(
  weight: Float32Array,
  inverse: Float64Array,
  inputs: number,
  width: number,
  family: number = inputs / width,
): Elimination {
  if (inputs % width !== 0) throw new RangeError(`${inputs} inputs are not blocks of ${width}`);
  const outputs = weight.length / inputs;
  const groups = inputs / width;
  const state = { p: inverse.slice(), w: Float64Array.from(weight), inputs, outputs, width };
  const oneShot = Float64Array.from({ length: groups }, (_, g) => blockSolution(state, g).cost);
  const alive = new Set(indices(groups));
  const order = new Int32Array(groups);
  const costs = new Float64Array(groups);
  const lost = new Int32Array(groups / family);
  for (let step = 0; step < groups; step++) {
    let best = -1;
    let bestCost = Infinity;
    for (const group of alive) {
      if (lost[Math.floor(group / family)] > Math.floor(step / lost.length)) continue;
      const { cost } = step === 0 ? { cost: oneShot[group] } : blockSolution(state, group);
      if (best < 0 || cost < bestCost) {
        best = group;
        bestCost = cost;
      }
    }
    alive.delete(best);
    lost[Math.floor(best / family)]++;
    order[step] = best;
    costs[step] = bestCost;
    removeBlock(state, best);
  }
  return { order, costs, oneShot };
}

interface EliminationState {
  readonly p: Float64Array;
  readonly w: Float64Array;
  readonly inputs: number;
  readonly outputs: number;
  readonly width: number;
}

/** W_B (P_BB)⁻¹ [outputs, width], the factor of P_BB, and the block's cost. */
function blockSolution(state: EliminationState, group: number) {
  const { p, w, inputs, outputs, width } = state;
  const block = blockIndices(group, width);
  const factor = submatrix(p, inputs, block, block);
  choleskyInPlace(factor, width);
  const blockWeight = submatrix(w, inputs, indices(outputs), block);
  const solution = blockWeight.slice();
  solveRowsInPlace(factor, width, solution, outputs);
  let cost = 0;
  for (let i = 0; i < solution.length; i++) cost += solution[i] * blockWeight[i];
  return { solution, factor, cost };
}

function removeBlock(state: EliminationState, group: number): void {
  const { p, w, inputs, outputs, width } = state;
  const { solution, factor } = blockSolution(state, group);
  const block = blockIndices(group, width);
  const blockRows = submatrix(p, inputs, block, indices(inputs));
  addProduct(w, solution, blockRows, { m: outputs, k: width, n: inputs }, -1);
  const shares = submatrix(p, inputs, indices(inputs), block);
  solveRowsInPlace(factor, width, shares, inputs);
  addProduct(p, shares, blockRows, { m: inputs, k: width, n: inputs }, -1);
}

function blockIndices(group: number, width: number): Int32Array {
  return Int32Array.from({ length: width }, (_, c) => group * width + c);
}
