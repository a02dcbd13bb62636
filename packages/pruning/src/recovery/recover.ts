import type { Recovery } from "@espalier/contracts";
import { lora } from "./lora/lora.js";
import type { Recovered, RecoveryInput } from "./recovery.js";

/** Repairs a sliced model. Throws AppError RECOVERY_DIVERGED, RangeError for no or unequal training windows. */
export async function recover(input: RecoveryInput, settings: Recovery): Promise<Recovered> {
  switch (settings.method) {
    case "none":
      return { weights: new Map(), training: null };
    case "lora":
      return lora.recover(input, settings);
  }
}
