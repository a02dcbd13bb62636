import type { ErrorCode } from "../errors/catalogue.js";

/** To a process that does one piece of work for its parent and ends with it. */
export type ToOneTask<Request> =
  | { readonly kind: "begin"; readonly request: Request }
  /** Ends the work between micro-batches. */
  | { readonly kind: "cancel" };

/** From that process. */
export type FromOneTask<Outcome, Progress> =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "done"; readonly outcome: Outcome }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };

/** How far a piece of work is. */
export interface StageOf<Stage extends string> {
  readonly stage: Stage;
  readonly done: number;
  readonly of: number;
}
