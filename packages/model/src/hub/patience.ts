import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@espalier/contracts";

/** A failure that may pass: the hub was busy, or the connection was cut. */
export class TransientFailure extends Error {
  override readonly name = "TransientFailure";

  constructor(
    message: string,
    readonly options: { readonly retryAfterSeconds?: number | null; readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/** Failures in a row after which it is given up; with the pauses below about a minute. */
const MAX_ATTEMPTS = 6;
const BASE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;
/** A hub that asks for more patience than this is told of instead of waited for. */
const MAX_RETRY_AFTER_SECONDS = 120;

export interface Patience {
  readonly signal: AbortSignal | undefined;
  readonly random: () => number;
  readonly baseMs?: number | undefined;
  /** Says whether an attempt that failed got further than the one before: then the count begins anew. */
  readonly gotFurther?: () => boolean;
}

/**
 * Repeats what fails with TransientFailure, after pauses that double and as long as `Retry-After` asks.
 * Throws `HUB_UNAVAILABLE` when it keeps failing, and any other error at once.
 */
export async function patiently<T>(patience: Patience, attempt: () => Promise<T>): Promise<T> {
  const { signal, random, baseMs = BASE_MS, gotFurther = () => false } = patience;
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof TransientFailure)) throw error;
      if (gotFurther()) failures = 1;
      const asked = error.options.retryAfterSeconds ?? 0;
      if (failures >= MAX_ATTEMPTS || asked > MAX_RETRY_AFTER_SECONDS) throw unavailable(error, asked);
      const pause = Math.min(MAX_PAUSE_MS, baseMs * 2 ** (failures - 1)) * (1 + random());
      await sleep(Math.max(pause, asked * 1000), undefined, signal === undefined ? {} : { signal });
    }
  }
}

function unavailable(cause: TransientFailure, askedSeconds: number): AppError {
  const wait = askedSeconds > 0 ? ` It asks to wait ${Math.ceil(askedSeconds)} s.` : "";
  return new AppError(
    "HUB_UNAVAILABLE",
    `The hub keeps failing: ${cause.message}.${wait} Try again later; what was downloaded is kept.`,
    { cause },
  );
}
