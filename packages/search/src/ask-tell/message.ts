import type { Direction } from "../history/trial.js";
import type { SamplerName } from "../samplers/registry.js";
import type { TpeOptions, TpePresetName } from "../samplers/tpe/options.js";
import type { Parameter, Params } from "../space/parameter.js";

/** What is said once, before the first trial. */
export interface Settings {
  readonly space: readonly Parameter[];
  readonly seed: number;
  readonly directions: readonly Direction[];
  readonly sampler: SamplerName;
  /** Settings of TPE that the options change; `espalier` where absent. */
  readonly preset?: TpePresetName;
  /** Refused where the sampler is not TPE. */
  readonly options: Partial<TpeOptions>;
}

/** What came of a trial, as its evaluator says it. */
export interface Report {
  readonly number: number;
  /** `complete` where absent. */
  readonly state?: "complete" | "pruned" | "failed";
  /** One per objective; one that is NaN makes the trial a failed one. */
  readonly values?: readonly number[];
  readonly intermediate?: readonly (readonly [step: number, value: number])[];
  readonly constraints?: readonly number[];
}

/** What a session can be told. */
export type Message =
  | { readonly kind: "configure"; readonly settings: Settings }
  | { readonly kind: "ask" }
  | { readonly kind: "tell"; readonly report: Report };

/** What a session says back: a trial to run, that a report was taken, why a message was not, or nothing. */
export type Answer =
  | { readonly number: number; readonly params: Params }
  | { readonly ok: true }
  | { readonly error: string }
  | null;
