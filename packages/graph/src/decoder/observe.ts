import { AppError } from "@espalier/contracts";
import type { FinishedGraph } from "../finished-graph.js";
import type { DecoderOptions } from "./options.js";

export function observeProgram(options: DecoderOptions): FinishedGraph {
  throw new AppError("INTERNAL", `observe of ${options.sequenceLength} tokens`);
}
