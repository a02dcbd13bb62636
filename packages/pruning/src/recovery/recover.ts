import type { Recovery } from "@espalier/contracts";
import { sequentialLeastSquares } from "./least-squares/sequential.js";
import { lora } from "./lora/lora.js";
import type { Recovered, RecoveryInput, RecoveryMethod, RecoverySettings } from "./recovery.js";

type MethodName = Exclude<Recovery["method"], "none">;

/** All methods; a name of the contract without an entry does not compile. */
const methods: { readonly [M in MethodName]: RecoveryMethod<RecoverySettings<M>> } = {
  least_squares: sequentialLeastSquares,
  lora,
};

/** Repairs a sliced model. Throws AppError RECOVERY_DIVERGED, RangeError for no or unequal training windows. */
export function recover(input: RecoveryInput, settings: RecoverySettings<MethodName>): Promise<Recovered> {
  return settings.method === "lora"
    ? methods.lora.recover(input, settings)
    : methods.least_squares.recover(input, settings);
}
