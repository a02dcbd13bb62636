import { describe, expect, it } from "vitest";
import {
  type EvaluatedModel,
  improvementSentence,
  overlapSentence,
  type RecoveryOutcome,
  recoverySentences,
  type SplitOverlap,
} from "../src/index.js";

const gain = { sparsity: 0.2, baseline: "obs+least_squares", relative: 0.034, interval: [0.012, 0.056] as const };
const sentence = (relative: number, interval: [number, number]) => improvementSentence({ ...gain, relative, interval });

describe("the sentence on the improvement", () => {
  it("names the baseline, the gain and its interval", () => {
    expect(sentence(0.034, [0.012, 0.056])).toBe(
      "At 20.0 % sparsity the found plan is better than the best baseline (obs+least_squares) by 3.4 % [1.2 %, 5.6 %] " +
        "of perplexity on the report text (95 % paired bootstrap interval).",
    );
  });

  it("turns sign and interval round when the plan is worse", () => {
    expect(sentence(-0.02, [-0.03, -0.01])).toContain(
      "is worse than the best baseline (obs+least_squares) by 2.0 % [1.0 %, 3.0 %]",
    );
  });

  it("says that it may be chance just when the interval includes zero", () => {
    expect(sentence(0.01, [-0.01, 0.03])).toMatch(/\[-1.0 %, 3.0 %\].*may be chance\.$/);
    expect(sentence(-0.01, [-0.03, 0.01])).toMatch(/worse.*\[-1.0 %, 3.0 %\].*may be chance\.$/);
    expect(sentence(0.02, [0.01, 0.03])).not.toContain("chance");
  });
});

describe("the sentence on the overlap of two texts", () => {
  const overlap: SplitOverlap = {
    ...{ split: "report", other: "scoring", n: 13, share: 0.019, warning: null },
    ...{ windows_touched: 9, windows_repeated: 0, windows: 24 },
  };

  it("names both texts, the share and the windows", () => {
    expect(overlapSentence(overlap)).toBe(
      "1.9 % of the 13-grams of the report text also occur in the scoring text (9 of 24 windows touched).",
    );
  });

  it("calls a little not nothing", () => {
    expect(overlapSentence({ ...overlap, share: 0.0004, windows_touched: 1 })).toMatch(/^Less than 0\.1 % of/);
    expect(overlapSentence({ ...overlap, share: 0, windows_touched: 0 })).toMatch(/^0\.0 % of/);
  });
});

describe("the sentences on a recovery", () => {
  const model: EvaluatedModel = {
    name: "trial 7",
    sparsity: 0.5,
    achieved_sparsity: 0.5,
    parameters: 10,
    scoring_perplexity: 19,
    report_perplexity: 20,
    compensation: "least_squares",
    allocation: "searched",
    trial_number: 7,
  };
  const training = { steps: 300, best_step: 250, halvings: 0, end: "patience", parameters: 9 } as const;
  const recovery: RecoveryOutcome = {
    method: "lora",
    scoring_perplexity: 10,
    report_perplexity: 11,
    relative: 0.45,
    interval: { low: 0.4, high: 0.5 },
    training,
  };

  it("say before, after, interval and steps, and that baselines have none", () => {
    expect(recoverySentences({ ...model, recovery })).toEqual([
      "At 50.0 % sparsity low-rank training (LoRA) took the report perplexity of trial 7 from 20.000 to 11.000: 45.0 % " +
        "less [40.0 %, 50.0 %] (95 % paired bootstrap interval). 300 steps, the best state after 250.",
      "The baselines were not recovered: compare them with the plan before recovery.",
    ]);
  });

  it("say when the time ran out, and nothing without a recovery", () => {
    const [text] = recoverySentences({ ...model, recovery: { ...recovery, training: { ...training, end: "time" } } });
    expect(text).toContain("300 steps, the best state after 250; its time ran out.");
    expect(recoverySentences(model)).toEqual([]);
  });
});
