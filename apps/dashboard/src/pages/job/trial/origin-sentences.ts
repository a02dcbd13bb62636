import type { Trial } from "@espalier/client";

/** Where a trial's plan came from. */
export const originSentences: Record<NonNullable<Trial["origin"]>, string> = {
  start: "an informed start, such as a baseline",
  sampler: "the sampler",
  refinement: "refinement of the best plan",
};
