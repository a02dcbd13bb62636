import type { History } from "../history/trial.js";
import type { Rng } from "../random/rng.js";
import type { Params } from "../space/parameter.js";
import type { Space } from "../space/space.js";

/** Proposes the next trial: a pure function of its arguments, so any worker can make any proposal. */
export interface Sampler {
  readonly name: string;
  /**
   * Values for every parameter of the space whose condition holds, in the user's units. Running trials are part of the history.
   * @throws RangeError for a history that cannot be used (see `assertUsable`).
   */
  suggest(space: Space, history: History, rng: Rng): Params;
}
