import { expect } from "vitest";
import { calmRun } from "./harness/calm.js";
import type { Observed } from "./harness/place.js";
import { type InvariantOptions, violations } from "./invariants.js";

/** Fails with every violated invariant. Jobs are compared with the calm run of `faultJob`, or with those given. */
export async function expectInvariants(place: Observed, options: Partial<InvariantOptions> = {}): Promise<void> {
  const calm = options.calm ?? [await calmRun()];
  expect(await violations(place, { ...options, calm })).toEqual([]);
}
