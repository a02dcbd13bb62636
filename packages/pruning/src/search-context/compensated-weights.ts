import { inputNames, projectionWeight } from "@espalier/graph";
import { compensate, type Repair } from "../compensation/index.js";
import type { Plan } from "../units/index.js";
import type { CompensatedWeights } from "./context.js";
import type { RepairMaterials } from "./repair-materials.js";

/** The tensors that a repair puts in place of the dense ones for a plan. */
export function compensatePlan(materials: RepairMaterials, plan: Plan, repair: Repair): CompensatedWeights {
  const { shape, projections, cache } = materials;
  const weights = new Map<string, Float32Array>();
  const biases = new Map<string, Float32Array>();
  for (const changed of compensate(shape, plan, projections, repair.compensation, { lambda: repair.lambda, cache })) {
    const { layer, projection, weight, bias } = changed;
    if (weight !== undefined) weights.set(projectionWeight(layer, projection), weight);
    if (bias !== undefined) biases.set(inputNames.projectionBias(layer, projection), bias);
  }
  return { weights, biases, method: repair.compensation };
}
