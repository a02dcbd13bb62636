import { AppError } from "@espalier/contracts";
import type { FinishedGraph } from "../finished-graph.js";
import type { WeightGradientOptions } from "./options.js";

export function weightGradientsProgram(options: WeightGradientOptions): FinishedGraph {
  throw new AppError("INTERNAL", `weight-gradients of ${options.sequenceLength} tokens`);
}
