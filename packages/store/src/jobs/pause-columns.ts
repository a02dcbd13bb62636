import { Prisma } from "../generated/client.js";

/** Seconds that a job of `jobs` has searched: since its search began, without the pauses. */
export const secondsSearching = Prisma.sql`
  greatest(0, COALESCE(extract(epoch FROM CASE WHEN paused_from = 'searching' THEN paused_at ELSE clock_timestamp() END
    - search_started_at) - paused_seconds, 0))::float8`;

/** Assignments of every move out of `paused`; they change nothing on a job that is not. */
export const noPause = Prisma.sql`
  paused_seconds = paused_seconds + CASE WHEN paused_from = 'searching'
    THEN greatest(0, extract(epoch FROM clock_timestamp() - paused_at)) ELSE 0 END,
  paused_from = NULL, paused_at = NULL, pause_code = NULL, pause_detail = NULL`;
