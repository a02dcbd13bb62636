import type { EvaluateRequest } from "@espalier/contracts";
import type { WireError } from "./messages.js";

/** What a prefill process opens. */
export interface PrefillRequest extends Pick<EvaluateRequest, "threads" | "provider"> {
  readonly modelPath: string;
  readonly tokens: number;
}

/** To a prefill process: first `open`, then `run` again and again, each when the one before is answered. */
export type ToPrefill = { readonly kind: "open"; readonly request: PrefillRequest } | { readonly kind: "run" };

/** From it: one answer to each message. */
export type FromPrefill =
  | { readonly kind: "done"; readonly seconds: number; readonly peakRssBytes: number }
  | { readonly kind: "failed"; readonly error: WireError };
