import { AppError } from "@espalier/contracts";
import type { FinishedGraph } from "../finished-graph.js";
import type { LogitsOptions } from "./options.js";

export function logitsProgram(options: LogitsOptions): FinishedGraph {
  throw new AppError("INTERNAL", `logits of ${options.sequenceLength} tokens`);
}
