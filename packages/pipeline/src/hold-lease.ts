import { HEARTBEATS_PER_LEASE } from "./defaults.js";

export interface LeaseTerms {
  readonly leaseSeconds: number;
  /** False: somebody else holds it, or the job was cancelled. A rejection (database away) is no loss: the epoch still guards. */
  readonly renew: () => Promise<boolean>;
  /** Aborts when this process has to stop. */
  readonly shutdown: AbortSignal;
}

export type Held<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "lost" }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly error: unknown };

/** Runs `work` with heartbeats; its signal aborts when the lease is lost or the process has to stop. */
export async function holdLease<T>(terms: LeaseTerms, work: (signal: AbortSignal) => Promise<T>): Promise<Held<T>> {
  const lost = new AbortController();
  const heartbeat = setInterval(
    () => {
      terms.renew().then(
        (kept) => {
          if (!kept) lost.abort();
        },
        () => undefined,
      );
    },
    (terms.leaseSeconds * 1000) / HEARTBEATS_PER_LEASE,
  );
  try {
    const value = await work(AbortSignal.any([lost.signal, terms.shutdown]));
    return { kind: "done", value };
  } catch (error) {
    if (lost.signal.aborted) return { kind: "lost" };
    if (terms.shutdown.aborted) return { kind: "stopped" };
    return { kind: "failed", error };
  } finally {
    clearInterval(heartbeat);
  }
}
