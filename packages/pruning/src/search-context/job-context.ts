import type { JobSpec } from "@espalier/contracts";
import type { RecoverableModel, Recovered } from "../recovery/index.js";
import type { EffectsStore } from "../refinement/effects-store.js";
import type { LossGradients } from "../refinement/loss-gradients.js";
import type { ForwardPool } from "../scoring/forward-pool.js";
import type { Scorer } from "../scoring/scorer.js";
import type { PruningSpace } from "../space/index.js";
import type { RecoverOptions } from "./context.js";
import type { JobEvaluation } from "./job-evaluation.js";
import type { Materials } from "./materials.js";

/** What the steps of a search context share. */
export interface JobContext {
  readonly spec: JobSpec;
  readonly space: PruningSpace;
  readonly materials: Materials;
  readonly pool: ForwardPool;
  /** Dense widths behind gates: what a sliced export must agree with. */
  readonly maskedPool: ForwardPool;
  /** What report texts are scored in. */
  readonly reportPool: ForwardPool;
  /** On the scoring split. */
  readonly scorer: Scorer;
  /** On the calibration split: refinement sees neither scoring nor report text. */
  readonly lossGradients: LossGradients;
  readonly effects: EffectsStore;
  /**
   * The zero-shot tasks of the job, tokenised, for candidates of the dense model or another one; undefined where there are
   * none. The caller closes it.
   */
  openEvaluation(model?: RecoverableModel): Promise<JobEvaluation | undefined>;
  /** Calibration windows, token ids each. */
  readonly calibration: readonly Int32Array[];
  reportWindows(): Promise<readonly Int32Array[]>;
  recover(pruned: RecoverableModel, options?: RecoverOptions): Promise<Recovered>;
}
