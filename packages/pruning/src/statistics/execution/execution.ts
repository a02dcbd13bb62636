import type { DecoderShape } from "@espalier/contracts";
import type { ExecutionProvider } from "@espalier/graph";
import type { LazyWeights } from "@espalier/model";
import type { Observations } from "../../calibration/observe.js";
import type { ProfilePlan } from "../../execution/profile-plan.js";
import type { ShardEntry } from "../manifest.js";
import type { StatisticGroups } from "../tensors.js";

/** What every way to compute a profile works on. */
export interface ProfileJob {
  readonly shape: DecoderShape;
  readonly weights: LazyWeights;
  readonly windows: readonly Int32Array[];
  /** The profile's own: finished files lie here. */
  readonly folder: string;
  readonly groups: StatisticGroups;
  readonly gradientGroups: "clusters" | "samples";
  readonly plan: ProfilePlan;
  readonly memoryBytes: number;
  readonly halfBatch?: boolean | undefined;
  readonly provider?: ExecutionProvider | undefined;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Share of all work that is done. */
  readonly report: (share: number) => void;
}

/** A way to compute a profile: the same files, whichever it is. Both steps look at the signal between micro-batches. */
export interface ProfileExecution {
  /** What one forward pass tells of every sample. */
  observe(): Promise<Observations>;
  /** Writes the shards that are not there yet, and a gradient per sample where the job wants them. */
  writeShards(shards: readonly ShardEntry[], observations: Observations): Promise<void>;
}
