import { jobEventTypes } from "@espalier/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventSentence } from "../src/pages/job/overview/event-sentence.js";
import { foundSoFar, placesOnScale } from "../src/pages/job/overview/found-so-far.js";
import { sparklineOf } from "../src/pages/job/overview/sparkline.js";
import { stepsOf } from "../src/pages/job/overview/stages.js";
import { ago } from "../src/ui/ago.js";

const model = (name: string, sparsity: number, scoring: number, report: number | null) => ({
  name,
  sparsity,
  achieved_sparsity: sparsity,
  parameters: 100,
  scoring_perplexity: scoring,
  report_perplexity: report,
  compensation: "none" as const,
  allocation: null,
  trial_number: name.startsWith("trial") ? 7 : null,
});

describe("what a job found so far", () => {
  it("is told on the scoring text until everything was measured on the report text", () => {
    const dense = model("dense", 0, 5, 6);
    const [running] = foundSoFar({
      dense,
      best: [model("trial 7", 0.2, 8, null)],
      best_baseline: [model("obs", 0.2, 10, null)],
    });
    expect(running).toMatchObject({ split: "scoring", found: 8, dense: 5, baseline: { name: "obs", perplexity: 10 } });
    expect(running?.gain).toBeCloseTo(0.2);
    const [ended] = foundSoFar({
      dense,
      best: [model("trial 7", 0.2, 8, 9)],
      best_baseline: [model("obs", 0.2, 10, 8)],
    });
    expect(ended).toMatchObject({ split: "report", found: 9, dense: 6, gain: 1 - 9 / 8 });
  });

  it("has no gain without baselines", () => {
    expect(foundSoFar({ dense: null, best: [model("trial 7", 0.2, 8, null)], best_baseline: [] })).toMatchObject([
      { baseline: null, gain: null, dense: null },
    ]);
  });

  it("keeps its order on the scale, inside of it", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 5 }), (values) => {
        const places = placesOnScale(values);
        for (const [a, x] of values.entries()) {
          expect(places[a]).toBeGreaterThan(0);
          expect(places[a]).toBeLessThan(1);
          for (const [b, y] of values.entries())
            if (x < y) expect(places[a]).toBeLessThanOrEqual(places[b] ?? Number.NaN);
        }
      }),
    );
    expect(placesOnScale([null, 3])).toEqual([null, 0.5]);
  });
});

describe("the steps of a job", () => {
  const progress = (stage: "queued" | "baselines" | "exporting" | "done") => ({
    stage,
    done: 0,
    of: 0,
    unit: "trials" as const,
    fraction: 0,
    eta_seconds: null,
  });
  const states = (stage: Parameters<typeof progress>[0], spec = {}) =>
    stepsOf({ progress: progress(stage), spec }).map(({ name, state }) => `${name} ${state}`);

  it("are done before where it is, and ahead after it", () => {
    expect(states("baselines")).toEqual(["Queue done", "Profile now", "Search ahead", "Export ahead", "Done ahead"]);
    expect(states("done").every((step) => step.endsWith(" done"))).toBe(true);
  });

  it("tell of recovery where it was asked for", () => {
    expect(states("exporting", { recovery: { method: "lora" } })).toContain("Recover done");
    expect(states("exporting", { recovery: { method: "none" } })).not.toContain("Recover done");
  });
});

describe("an event", () => {
  it("of every type is a sentence, even with no data", () => {
    for (const type of jobEventTypes) {
      expect(eventSentence({ sequence: 1, type, timestamp: "", data: {} })).toMatch(/^[A-Z0-9]/);
    }
  });

  it("of a trial says its perplexity, and whether it is the best", () => {
    const settled = (data: Record<string, unknown>) =>
      eventSentence({ sequence: 1, type: "trial.settled", timestamp: "", data });
    expect(settled({ number: 3, state: "completed", score: Math.log(8), best: Math.log(8) })).toBe(
      "Trial 3 scored 8.0000: the best so far",
    );
    expect(settled({ number: 4, state: "pruned", score: null, best: 2 })).toBe(
      "Trial 4 lost the race and stopped early",
    );
  });
});

describe("the distance of a time", () => {
  it.each([
    [0, "just now"],
    [-5000, "just now"],
    [61_000, "1 minute ago"],
    [7_200_000, "2 hours ago"],
    [200_000_000, "2 days ago"],
  ])("%i ms ago is %s", (distance, words) => {
    expect(ago(1e12 - distance, 1e12)).toBe(words);
  });
});

describe("the search in small", () => {
  const point = (number: number, best: number | null) => ({
    number,
    best,
    state: "completed" as const,
    origin: null,
    perplexity: best,
    isImprovement: false,
  });
  const course = (points: ReturnType<typeof point>[], baseline?: number) => ({
    points,
    dense: null,
    baselines: baseline === undefined ? [] : [{ name: "obs", perplexity: baseline }],
  });

  it("is steps from the first trial to the last, low values below, within the box", () => {
    const line = sparklineOf(course([point(0, 16), point(5, 16), point(10, 4)], 8));
    expect(line?.steps).toBe("0.00,8.00 50.00,8.00 50.00,8.00 100.00,8.00 100.00,92.00");
    expect(line?.baseline).toBeCloseTo(50);
  });

  it("is nothing before two trials have a best, and flat where nothing changes", () => {
    expect(sparklineOf(course([point(0, null), point(1, 4)]))).toBeNull();
    expect(sparklineOf(course([point(0, 4), point(1, 4)]))?.steps).toBe("0.00,50.00 100.00,50.00 100.00,50.00");
  });
});
