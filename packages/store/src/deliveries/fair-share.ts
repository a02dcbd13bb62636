import { Prisma } from "../generated/client.js";

/** An attempt that took this long makes its host a slow one, until an attempt is quicker. */
const SLOW_SECONDS = 5;

/** Below this, a host may have several attempts in flight; a slower or an unknown one has one. */
const QUICK_SECONDS = 1;

/** Attempts that a quick host may have in flight, over all workers. */
const QUICK_SHARE = 4;

/** Whether the host of a row of `receiver_hosts` (as `r`, outer joined) is a slow one. */
export const isSlow = Prisma.sql`COALESCE(r.last_seconds >= ${SLOW_SECONDS}, false)`;

/** Attempts that it may have in flight. */
export const share = Prisma.sql`(CASE WHEN r.last_seconds < ${QUICK_SECONDS} THEN ${QUICK_SHARE}::int ELSE 1 END)`;
