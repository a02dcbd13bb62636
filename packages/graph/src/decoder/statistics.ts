import { AppError } from "@espalier/contracts";
import type { FinishedGraph } from "../finished-graph.js";
import type { StatisticsOptions } from "./options.js";

export function statisticsProgram(options: StatisticsOptions): FinishedGraph {
  throw new AppError("INTERNAL", `statistics of ${options.sequenceLength} tokens`);
}
