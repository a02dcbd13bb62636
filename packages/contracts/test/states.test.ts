import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTerminal, type JobState, jobStates, jobTransitions, statesBefore } from "../src/index.js";

const anyState = fc.constantFrom(...jobStates);
const follows = (from: JobState, to: JobState): boolean => (jobTransitions[from] as readonly JobState[]).includes(to);

describe("job states", () => {
  it("end where nothing follows, and only there", () => {
    expect(jobStates.filter(isTerminal)).toEqual(["succeeded", "failed", "cancelled"]);
  });

  it("can be cancelled and can fail until they end", () => {
    for (const state of jobStates.filter((one) => !isTerminal(one))) {
      expect(follows(state, "cancelled")).toBe(true);
      expect(follows(state, "failed")).toBe(true);
    }
  });

  it("end for good on any walk: nothing is visited after a terminal state", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (choices) => {
        const visited: JobState[] = ["queued"];
        for (const choice of choices) {
          const next: readonly JobState[] = jobTransitions[visited.at(-1) ?? "queued"];
          const state = next[choice % Math.max(1, next.length)];
          if (state !== undefined) visited.push(state);
        }
        expect(visited.slice(0, -1).some(isTerminal)).toBe(false);
      }),
    );
  });

  it("know the states before them", () => {
    fc.assert(
      fc.property(anyState, anyState, (from, to) => {
        expect(statesBefore(to).includes(from)).toBe(follows(from, to));
      }),
    );
  });
});
