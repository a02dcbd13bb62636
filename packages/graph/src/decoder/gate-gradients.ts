import { AppError } from "@espalier/contracts";
import type { FinishedGraph } from "../finished-graph.js";
import type { DecoderOptions } from "./options.js";

export function gateGradientsProgram(options: DecoderOptions): FinishedGraph {
  throw new AppError("INTERNAL", `gate-gradients of ${options.sequenceLength} tokens`);
}
