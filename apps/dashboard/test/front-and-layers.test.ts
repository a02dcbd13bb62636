import { describe, expect, it } from "vitest";
import { frontTable, perplexityRange } from "../src/pages/job/front/front-chart.js";
import { frontSearch } from "../src/pages/job/front/front-search.js";
import { cellsOf, differenceOf, layersAt } from "../src/pages/job/layers/layer-shares.js";
import { layersTable } from "../src/pages/job/layers/layers-chart.js";
import { layersSearch } from "../src/pages/job/layers/layers-search.js";

const units = (kept: number, dense: number | null = 10) => ({ kept, dense, share: dense ? kept / dense : null });
const layer = (groups: number, channels: number, dense?: number | null) => ({
  kv_groups: units(groups, dense),
  channels: units(channels),
});

describe("the front", () => {
  const points = [
    { trial_number: 1, sparsity: 0.5, achieved_sparsity: 0.5, parameters: 10, scoring_perplexity: 20 },
    { trial_number: 2, sparsity: 0.2, achieved_sparsity: 0.2, parameters: 20, scoring_perplexity: 8 },
  ];
  const dense = { parameters: 30, scoring_perplexity: 5 };

  it("is drawn from below the best model to above the worst plan", () => {
    const { min, max } = perplexityRange(points, dense);
    expect(min).toBeLessThan(5);
    expect(max).toBeGreaterThan(20);
    expect(perplexityRange(points, null).min).toBeGreaterThan(5);
  });

  it("is a table with baselines and the dense model", () => {
    const table = frontTable({ points, dense, reference: null, hypervolume: null }, []);
    expect(table.rows).toEqual([
      ["trial 1", 0.5, 10, 20],
      ["trial 2", 0.2, 20, 8],
      ["dense", 0, 30, 5],
    ]);
  });

  it("reads what the URL says, and nothing that it cannot mean", () => {
    expect(frontSearch({ trial: 3, sparsity: 0.2 })).toEqual({ trial: 3, sparsity: 0.2 });
    expect(frontSearch({ trial: -1, sparsity: 2 })).toEqual({});
    expect(layersSearch({ a: 1, b: 2.5, sparsity: "x" })).toEqual({ a: 1 });
  });
});

describe("layers", () => {
  it("are cells of parts, with what another trial keeps", () => {
    const cells = cellsOf([layer(5, 8)], [layer(10, 4)]);
    expect(cells.map(({ part, kept, other }) => [part, kept, other?.kept])).toEqual([
      ["MLP", 8, 4],
      ["Attention", 5, 10],
    ]);
    expect(cells.map(differenceOf)).toEqual([0.4, -0.5]);
    expect(layersTable(cells, true).rows[1]).toEqual([0, "Attention", 5, 10, 0.5, 10, -0.5]);
  });

  it("have no difference where a layer had none to begin with, or there is no other trial", () => {
    expect(cellsOf([layer(0, 8, null)], [layer(0, 8, null)]).map(differenceOf)).toEqual([0, null]);
    expect(cellsOf([layer(5, 8)], undefined).map(differenceOf)).toEqual([null, null]);
  });

  it("are those of the asked sparsity", () => {
    const view = {
      trial: 1,
      sparsities: [
        { sparsity: 0.2, achieved_sparsity: 0.2, parameters: 1, scoring_perplexity: 2, layers: [layer(1, 1)] },
      ],
    };
    expect(layersAt(view, 0.2)).toHaveLength(1);
    expect(layersAt(view, 0.5)).toBeUndefined();
  });
});
