import type { EvaluatedModel } from "@espalier/contracts";
import type { AllocationName } from "../allocation/index.js";
import type { CompensationName } from "../compensation/index.js";
import type { MetricName } from "./materials.js";

/** One single metric at one sparsity, scored. */
export interface BaselineScore {
  readonly metric: MetricName;
  readonly allocation: AllocationName;
  readonly compensation: CompensationName;
  readonly sparsity: number;
  /** Log perplexity on the scoring split; null when not finite. */
  readonly objective: number | null;
  readonly evaluated: EvaluatedModel;
}
