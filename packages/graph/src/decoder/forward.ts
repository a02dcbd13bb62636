import { AppError } from "@espalier/contracts";
import type { FinishedGraph } from "../finished-graph.js";
import type { ForwardOptions } from "./options.js";

export function forwardProgram(options: ForwardOptions): FinishedGraph {
  throw new AppError("INTERNAL", `forward of ${options.sequenceLength} tokens`);
}
