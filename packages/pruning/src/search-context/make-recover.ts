import type { JobSpec } from "@espalier/contracts";
import { type RecoverableModel, type Recovered, type RecoveryInput, recover } from "../recovery/index.js";
import type { RecoverOptions } from "./context.js";
import type { SplitTexts } from "./read-splits.js";

interface Recovering extends Pick<RecoveryInput, "dense" | "memoryBytes" | "halfBatch" | "provider" | "threads"> {
  readonly spec: Pick<JobSpec, "recovery" | "search">;
  readonly texts: SplitTexts;
}

/** The recovery of a job on its texts, which are read when it is asked for. */
export function makeRecover({ spec, texts, dense, memoryBytes, halfBatch, provider, threads }: Recovering) {
  return async (pruned: RecoverableModel, options: RecoverOptions = {}): Promise<Recovered> => {
    const { recovery, search } = spec;
    if (recovery.method === "none") throw new RangeError("the job asks for no recovery");
    const input: RecoveryInput = {
      ...{ dense, memoryBytes, halfBatch, provider, threads },
      ...options,
      pruned,
      training: await texts.training(recovery.training_windows),
      validation: texts.scoring,
      seed: search.seed,
      now: () => performance.now(),
    };
    return await recover(input, recovery);
  };
}
