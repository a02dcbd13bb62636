import type { Transaction } from "../database/connect.js";

/** Advisory lock between jobs that begin to profile and the removal of statistics that no job needs. */
const STATISTICS_LOCK = 7002;

/** Held by who begins to profile: which statistics it will read is not known yet. */
export async function sharingStatistics(tx: Transaction): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock_shared(${STATISTICS_LOCK}::bigint)::text`;
}

/** Held by who removes statistics. */
export async function withStatisticsToMyself(tx: Transaction): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(${STATISTICS_LOCK}::bigint)::text`;
}
