import type { FastifyRateLimitStore } from "@fastify/rate-limit";

/** Most keys and addresses that are counted at a time; the one that came first makes room. */
const CAPACITY = 10_000;

interface Window {
  readonly startedAt: number;
  count: number;
}

/**
 * Counts requests of fixed windows in this process. The library's own store hands out the object that it goes on
 * counting in: of requests that waited for the same key's reading, each would see the number of the last.
 */
export class RateWindows implements FastifyRateLimitStore {
  private readonly windows = new Map<string, Window>();

  incr(
    key: string,
    callback: (error: Error | null, result?: { current: number; ttl: number }) => void,
    windowMs: number,
  ): void {
    const now = performance.now();
    const known = this.windows.get(key);
    const window = known !== undefined && now - known.startedAt < windowMs ? known : this.open(key, now);
    window.count++;
    callback(null, { current: window.count, ttl: windowMs - (now - window.startedAt) });
  }

  /** Every limiter counts for itself. */
  child(): RateWindows {
    return new RateWindows();
  }

  private open(key: string, startedAt: number): Window {
    const window = { startedAt, count: 0 };
    this.windows.delete(key);
    this.windows.set(key, window);
    const first = this.windows.size > CAPACITY ? this.windows.keys().next().value : undefined;
    if (first !== undefined) this.windows.delete(first);
    return window;
  }
}
