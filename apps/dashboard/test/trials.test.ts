import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { againstBaseline } from "../src/pages/job/trial/against-baseline.js";
import { isByNumber, trialsSearch } from "../src/pages/job/trials/trials-search.js";
import { rowWindow, scrollTopOf } from "../src/ui/row-window.js";

const size = fc.record({
  rows: fc.integer({ min: 1, max: 5_000_000 }),
  rowHeight: fc.integer({ min: 20, max: 60 }),
  viewport: fc.integer({ min: 60, max: 1500 }),
});

describe("the rows in view", () => {
  it("fill the view from any place, and none is beyond the end", () => {
    fc.assert(
      fc.property(size, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const end = Math.max(0, rowWindow(list, 0).height - list.viewport);
        const { first, count, top, height } = rowWindow(list, share * end);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(first + count).toBeLessThanOrEqual(list.rows);
        expect(top).toBeLessThanOrEqual(share * end + 1e-6);
        const bottom = top + count * list.rowHeight;
        if (first + count < list.rows) expect(bottom).toBeGreaterThanOrEqual(share * end + list.viewport - 1e-6);
        else expect(bottom).toBeCloseTo(height, 0);
      }),
    );
  });

  it("begin with the row that was scrolled to, as far as the end lets them", () => {
    fc.assert(
      fc.property(size, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const row = Math.floor(share * (list.rows - 1));
        const { first, count } = rowWindow(list, scrollTopOf(list, row));
        const inView = Math.floor(list.viewport / list.rowHeight);
        if (row < list.rows - inView - 1) expect(Math.abs(first - row)).toBeLessThanOrEqual(1);
        else expect(first + count).toBe(list.rows);
      }),
    );
  });

  it("reach the first and the last of a million, in an element that browsers give", () => {
    const list = { rows: 1_000_000, rowHeight: 36, viewport: 576 };
    const { height, first } = rowWindow(list, 0);
    expect(height).toBeLessThan(17_000_000);
    expect(first).toBe(0);
    const end = rowWindow(list, height - list.viewport);
    expect(end.first + end.count).toBe(1_000_000);
  });
});

describe("what the table of trials is asked in its URL", () => {
  it("is read, and what does not fit is left out", () => {
    expect(trialsSearch({ sort: "-score", state: "failed", below: 8.5, at: 3 })).toEqual({
      sort: "-score",
      state: "failed",
      below: 8.5,
      at: 3,
    });
    expect(trialsSearch({ sort: "up", state: 1, below: -1, at: 0.5 })).toEqual({});
  });

  it("says whether any number can be reached at once", () => {
    expect(isByNumber({})).toBe(true);
    expect(isByNumber({ sort: "number", at: 5 })).toBe(true);
    expect(isByNumber({ sort: "score" })).toBe(false);
    expect(isByNumber({ below: 3 })).toBe(false);
  });
});

describe("a trial against the best baseline", () => {
  const baseline = {
    name: "obs",
    sparsity: 0.2,
    achieved_sparsity: 0.2,
    parameters: 1,
    scoring_perplexity: 10,
    report_perplexity: null,
    compensation: "none" as const,
    allocation: null,
    trial_number: null,
  };

  it("is compared at the same sparsity, where both have a perplexity", () => {
    expect(againstBaseline({ sparsity: 0.2, scoring_perplexity: 8 }, [baseline])).toBeCloseTo(0.2);
    expect(againstBaseline({ sparsity: 0.5, scoring_perplexity: 8 }, [baseline])).toBeNull();
    expect(againstBaseline({ sparsity: 0.2, scoring_perplexity: null }, [baseline])).toBeNull();
  });
});
