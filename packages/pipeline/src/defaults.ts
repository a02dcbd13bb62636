/** A lease outlives two missed heartbeats; a lost worker's work is taken over after this. */
export const DEFAULT_LEASE_SECONDS = 15;

/** Heartbeats per lease: two may be missed. */
export const HEARTBEATS_PER_LEASE = 3;

/** Failures of one trial or stage after which even a retryable one is final. */
export const MAX_FAILURES = 3;

/** Messages of each kind that one reconciliation re-enqueues; the rest follow in the next round. */
export const RECONCILE_LIMIT = 500;

/** Deleted jobs that one round of removing looks at. */
export const REMOVAL_LIMIT = 50;
