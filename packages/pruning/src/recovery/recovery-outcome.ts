import type { Recovery, RecoveryOutcome } from "@espalier/contracts";
import { streamRng } from "@espalier/search";
import { bootstrapInterval, relativeImprovement } from "../evaluation/bootstrap.js";
import type { Recovered } from "./recovery.js";

/** Seed of the bootstrap: fixed, so that an outcome can be repeated. */
const BOOTSTRAP_SEED = 0;

export interface MeasuredRecovery {
  readonly method: Exclude<Recovery["method"], "none">;
  readonly recovered: Recovered;
  /** NLL sum of each report window, before and after. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Predicted tokens of each report window. */
  readonly tokens: Int32Array;
}

/** What a recovery did, as job and card tell it. */
export function recoveryOutcome({ method, recovered, before, after, tokens }: MeasuredRecovery): RecoveryOutcome {
  const losses = { found: after, baseline: before, tokens };
  const { training } = recovered;
  const [low, high] = bootstrapInterval(losses, streamRng(BOOTSTRAP_SEED, 0));
  return {
    method,
    scoring_perplexity: finite(Math.exp(recovered.loss)),
    report_perplexity: finite(Math.exp(sum(after) / sum(tokens))),
    relative: relativeImprovement(losses),
    interval: { low, high },
    training: training && {
      steps: training.steps,
      best_step: training.bestStep,
      halvings: training.halvings,
      end: training.end,
      parameters: training.parameters,
    },
  };
}

const finite = (perplexity: number): number | null => (Number.isFinite(perplexity) ? perplexity : null);

function sum(values: Float64Array | Int32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
