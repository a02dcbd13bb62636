import type { QueryOf } from "./schemas.js";

/** What lists show of a trial: everything but its parameters and plan, which are long. */
export const LISTED_FIELDS =
  "number,state,origin,score,partial_score,scored_share,attempts,duration_seconds,finished_at,reason";

/** The best trials first, as lists ask for them, page by page. */
export const bestTrialsFirst = { sort: "score", limit: 200, fields: LISTED_FIELDS } satisfies QueryOf<"listTrials">;
