import type { Recovery } from "@espalier/contracts";
import { lora } from "./lora/lora.js";
import type { Recovered, RecoveryInput } from "./recovery.js";

/** Repairs a sliced model. Throws AppError RECOVERY_DIVERGED, RangeError for no or unequal training windows. */
export function recover(input: RecoveryInput, settings: Exclude<Recovery, { method: "none" }>): Promise<Recovered> {
  return lora.recover(input, settings);
}
