const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * Seconds to wait before the second attempt, the third, …, each after the attempt before it; the first is at once (the
 * schedule of Standard Webhooks 1.0).
 */
export const DEFAULT_RETRY_SECONDS: readonly number[] = [
  5,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Share by which a delay may grow, so that messages that failed together do not return together. */
const JITTER = 0.2;

/** A receiver may ask for patience, but not for ever. */
const MAX_RETRY_AFTER_SECONDS = 24 * HOUR;

export interface RetryQuestion {
  /** Attempts made so far, the failed one included. */
  readonly attempt: number;
  readonly retryAfterSeconds: number | null;
  /** Uniform in [0, 1). */
  readonly random: number;
  /** As `DEFAULT_RETRY_SECONDS`. */
  readonly retrySeconds?: readonly number[];
}

/** Seconds until the next attempt; null when the schedule is exhausted. Never earlier than the receiver asked for. */
export function nextRetrySeconds(question: RetryQuestion): number | null {
  const { attempt, retryAfterSeconds, random, retrySeconds = DEFAULT_RETRY_SECONDS } = question;
  const delay = retrySeconds[attempt - 1];
  if (delay === undefined) return null;
  const asked = Math.min(retryAfterSeconds ?? 0, MAX_RETRY_AFTER_SECONDS);
  return Math.max(delay * (1 + JITTER * random), asked);
}
