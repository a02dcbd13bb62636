import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_RETRY_SECONDS, nextRetrySeconds } from "../src/index.js";

describe("the retry schedule", () => {
  it("makes ten attempts and then gives up", () => {
    const delays = Array.from({ length: 10 }, (_, i) =>
      nextRetrySeconds({ attempt: i + 1, retryAfterSeconds: null, random: 0 }),
    );
    expect(delays).toEqual([5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400, null]);
  });

  it("adds jitter within a fifth of the delay", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (n, u) => {
          const base = DEFAULT_RETRY_SECONDS[n - 1] ?? Number.NaN;
          const delay = nextRetrySeconds({ attempt: n, retryAfterSeconds: null, random: u }) ?? Number.NaN;
          expect(delay).toBeGreaterThanOrEqual(base);
          expect(delay).toBeLessThanOrEqual(base * 1.2);
        },
      ),
    );
  });

  it("waits as long as the receiver asks, within a day", () => {
    expect(nextRetrySeconds({ attempt: 1, retryAfterSeconds: 120, random: 0 })).toBe(120);
    expect(nextRetrySeconds({ attempt: 2, retryAfterSeconds: 120, random: 0 })).toBe(300);
    expect(nextRetrySeconds({ attempt: 1, retryAfterSeconds: 1e9, random: 0 })).toBe(86_400);
  });

  it("takes a schedule of its own", () => {
    expect(nextRetrySeconds({ attempt: 1, retryAfterSeconds: null, random: 0, retrySeconds: [1] })).toBe(1);
    expect(nextRetrySeconds({ attempt: 2, retryAfterSeconds: null, random: 0, retrySeconds: [1] })).toBeNull();
  });
});
