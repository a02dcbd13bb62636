import { isTerminal, type JobState, jobTransitions } from "@espalier/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildOutcome, completed, eventTypes, infeasible, newJob, profileOutcome } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();

/** What workers and clients may do in any order, with right and with wrong epochs. */
const actions = [
  ...["claim profile", "settle profile", "settle profile late", "release", "claim export", "settle export"],
  ...["settle export late", "fail", "fail late", "cancel", "progress"],
  ...["pause", "resume", "finish", "pause stage", "pause stage late"],
  ...["claim trial", "settle trial", "settle trial infeasible", "settle trial late", "release trial", "pause trial"],
] as const;

class Player {
  stageEpoch = -1;
  trialEpoch = -1;
  constructor(readonly id: Awaited<ReturnType<ReturnType<typeof store>["jobs"]["create"]>>["id"]) {}

  async play(action: string, number: number): Promise<unknown> {
    const { jobs, trials } = store();
    const { id, stageEpoch, trialEpoch } = this;
    const failure = { code: "INTERNAL", detail: "x", stage: "test" } as const;
    switch (action) {
      case "claim profile":
      case "claim export": {
        const claim = await jobs.claimStage(id, action === "claim export" ? "export" : "profile", "w", 30);
        this.stageEpoch = claim?.epoch ?? stageEpoch;
        return claim;
      }
      case "settle profile":
        return jobs.settleProfile(id, stageEpoch, profileOutcome);
      case "settle profile late":
        return jobs.settleProfile(id, stageEpoch - 1, profileOutcome);
      case "settle export":
        return jobs.settleExport(id, stageEpoch, buildOutcome);
      case "settle export late":
        return jobs.settleExport(id, stageEpoch - 1, buildOutcome);
      case "release":
        return jobs.releaseStage(id, stageEpoch, "failed");
      case "progress":
        return jobs.reportProgress(id, stageEpoch, { stage: "exporting", done: 1, of: 2, unit: "steps" });
      case "fail":
        return jobs.fail(id, failure);
      case "fail late":
        return jobs.fail(id, failure, stageEpoch - 1);
      case "cancel":
        return jobs.cancel(id);
      case "pause":
        return jobs.pause(id);
      case "resume":
        return jobs.resume(id);
      case "finish":
        return jobs.finish(id);
      case "pause stage":
        return jobs.pauseStage(id, stageEpoch, { code: "STORAGE_FULL", detail: "x" });
      case "pause stage late":
        return jobs.pauseStage(id, stageEpoch - 1, { code: "STORAGE_FULL", detail: "x" });
      case "claim trial": {
        const claim = await trials.claim(id, number, "w", 30);
        this.trialEpoch = claim?.epoch ?? trialEpoch;
        return claim;
      }
      case "pause trial":
        return trials.pause(id, number, trialEpoch, { code: "STORAGE_FULL", detail: "x" });
      case "release trial":
        return trials.release(id, number, trialEpoch, "failed");
      default: {
        const epoch = action.endsWith("late") ? trialEpoch - 1 : trialEpoch;
        return trials.settle(id, number, epoch, action.endsWith("infeasible") ? infeasible : completed(7));
      }
    }
  }
}

const step = fc.record({
  // Ends are rare, so that most runs get far.
  action: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...actions.filter((name) => name !== "cancel" && name !== "fail")) },
    { weight: 1, arbitrary: fc.constantFrom("cancel", "fail") },
  ),
  number: fc.integer({ min: 0, max: 2 }),
});

/** The straight way to the end; every run goes some of it before anything may happen. */
const straight = [
  { action: "claim profile", number: 0 },
  { action: "settle profile", number: 0 },
  { action: "claim trial", number: 0 },
  { action: "settle trial", number: 0 },
  { action: "claim trial", number: 1 },
  { action: "settle trial", number: 1 },
  { action: "claim export", number: 0 },
  { action: "settle export", number: 0 },
];
const walk = fc
  .tuple(fc.integer({ min: 0, max: straight.length }), fc.array(step, { minLength: 3, maxLength: 20 }))
  .map(([length, rest]) => [...straight.slice(0, length), ...rest]);

describe("any sequence of actions", () => {
  it("moves a job only along the transition table, and never out of a terminal state", async () => {
    const reached = new Set<JobState>();
    await fc.assert(
      fc.asyncProperty(walk, async (steps) => {
        const { id } = await store().jobs.create(newJob({ trials: 2, parallelism: 2 }));
        const player = new Player(id);
        let state: JobState = "queued";
        for (const { action, number } of steps) {
          await player.play(action, number);
          const next: JobState = (await store().jobs.get(id))?.state ?? state;
          if (next !== state) expect(jobTransitions[state]).toContain(next);
          if (next !== state) reached.add(next);
          state = next;
        }
        const types = await eventTypes(store(), id);
        const ends = types.filter((type) => ["job.succeeded", "job.failed", "job.cancelled"].includes(type));
        expect(ends).toHaveLength(isTerminal(state) ? 1 : 0);
        if (isTerminal(state)) expect(types.at(-1)).toBe(`job.${state}`);
      }),
      { numRuns: 30, seed: 7 },
    );
    expect([...reached]).toEqual(
      expect.arrayContaining(["profiling", "searching", "paused", "exporting", "succeeded", "failed", "cancelled"]),
    );
  });
});
