import { AppError, type ParameterOverride } from "@espalier/contracts";
import { defineSpace, type Params, randomSampler, streamRng } from "@espalier/search";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate } from "../src/allocation/index.js";
import { aggregate } from "../src/importance/aggregate.js";
import { mixDensities } from "../src/importance/mix.js";
import { planFromParameters, planFromWidths } from "../src/plan/index.js";
import {
  baselinePoint,
  informedStarts,
  pruningSpace,
  type SpaceContext,
  settingsFromParameters,
} from "../src/space/index.js";
import { type MetricScores, planSparsity } from "../src/units/index.js";
import { spaceContext as context, shape } from "./space-context.js";

const LAYERS = shape.layers.length;
const metricNames = context.metrics;

const scoresOf = (seed: number): MetricScores => ({
  per: "vector",
  layers: shape.layers.map((_, l) => {
    const numbers = (count: number, offset: number) =>
      Float64Array.from(
        { length: count },
        (_, i) => Math.abs(Math.sin((i + 1) * 12.9898 + seed * 7.1 + l + offset)) ** 6,
      );
    return {
      q_proj: numbers(8, 1),
      k_proj: numbers(4, 2),
      v_proj: numbers(4, 3),
      o_proj: numbers(8, 4),
      gate_proj: numbers(20, 5),
      up_proj: numbers(20, 6),
      down_proj: numbers(20, 7),
    };
  }),
});
const metrics = Object.fromEntries(metricNames.map((name, i) => [name, scoresOf(i)]));
const reversed = (count: number) => Int32Array.from({ length: count }, (_, i) => count - 1 - i);
const statistics = {
  metrics,
  orders: { attention: shape.layers.map(() => reversed(2)), mlp: shape.layers.map(() => reversed(20)) },
  blockChange: { block: [0.3, 0.1, 0.2], attention: [0.3, 0.2, 0.1], mlp: [0.1, 0.2, 0.3] },
};
const neutralModifiers = { attentionFactor: 0, depthTilt: 0, depthCurvature: 0, equalisation: 0, similarity: 0 };

describe("the espalier space", () => {
  const space = pruningSpace("espalier", context);

  it("is one that the samplers accept", () => {
    expect(() => defineSpace(space.parameters)).not.toThrow();
    expect(space.parameters.length).toBeLessThan(40);
  });

  it.each(["global", "uniform"] as const)("contains every single-metric baseline exactly (%s)", (allocation) => {
    for (const name of metricNames) {
      for (const sparsity of [0.2, 0.5]) {
        const scores = aggregate(shape, metrics[name], "sum");
        const densities = mixDensities(shape, [{ name, weight: 1, scores }], { normalisation: "none", power: 1 });
        const widths = allocate(shape, densities, { allocation, sparsity, modifiers: neutralModifiers });
        const direct = planFromWidths(shape, widths, densities, undefined, 0);
        const point = baselinePoint(name, space, { allocation });
        expect(planFromParameters(space, point, statistics, { sparsity })).toEqual(direct);
      }
    }
  });

  it("gives a plan that meets the target at every point", () => {
    const channel = (3 * 8) / (LAYERS * (2 * 96 + 20 * 24));
    const searched = defineSpace(space.parameters);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e9 }),
        fc.double({ min: 0.05, max: 0.7, noNaN: true }),
        (seed, sparsity) => {
          const params = randomSampler.suggest(searched, { directions: ["minimize"], trials: [] }, streamRng(seed, 0));
          const plan = planFromParameters(space, params, statistics, { sparsity });
          const achieved = planSparsity(shape, plan);
          expect(achieved).toBeGreaterThan(sparsity - 1e-9);
          if (plan.layers.some((layer) => layer.channels.length < 20))
            expect(achieved).toBeLessThan(sparsity + channel);
          expect(planFromParameters(space, params, statistics, { sparsity })).toEqual(plan);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("starts from the best baseline itself", () => {
    const starts = informedStarts(space, "magnitude_l2");
    expect(starts[0]).toEqual(baselinePoint("magnitude_l2", space));
    expect(starts[1]["obs_share"]).toBe(1);
    expect(starts.map((point) => Object.keys(point))).toEqual(starts.map(() => space.parameters.map((p) => p.name)));
  });

  it("does not try the elimination order twice where the metric follows it", () => {
    const compensated = pruningSpace("espalier", { ...context, metrics: ["obs", ...metricNames] });
    const [best, ridge] = informedStarts(compensated, "obs");
    expect([best["obs_share"], ridge["obs_share"]]).toEqual([0, 0]);
    expect(ridge["lambda"]).not.toBe(best["lambda"]);
  });

  it("searches widths and one leading metric; weights and bends wait until they are opened", () => {
    const names = space.parameters.map((p) => p.name);
    expect(names).toEqual([
      ...[0, 1, 2].map((l) => `width.mlp.${l}`),
      ...[0, 1, 2].map((l) => `width.attention.${l}`),
      "allocation",
      "obs_share",
      "compensation",
      "lambda",
      "metric",
    ]);
    const opened = pruningSpace("espalier", context, { "metric.wanda_sp": { low: 0, high: 1 } });
    expect(settingsFromParameters(opened, { metric: "magnitude_l2", "metric.wanda_sp": 0.5 }).metricWeights).toEqual({
      taylor_second: 0,
      magnitude_l2: 1,
      wanda_sp: 0.5 ** 4,
    });
  });

  it("bends widths over the depth where layers share a factor", () => {
    const layers = Array.from({ length: 20 }, () => shape.layers[0]);
    const names = pruningSpace("espalier", { ...context, shape: { ...shape, layers } }).parameters.map((p) => p.name);
    expect(names).toEqual(expect.arrayContaining(["depth.tilt", "depth.curvature", "equalisation", "similarity"]));
  });

  it("searches the mixture and the calibration where equal widths leave nothing else", () => {
    const uniform = pruningSpace("espalier", { ...context, layout: "uniform" }).parameters.map((p) => p.name);
    expect(uniform).toEqual(expect.arrayContaining(["metric.wanda_sp", "norm", "agg", "power", "cluster.7"]));
  });

  it("tries to let query heads leave where the job opens that", () => {
    const opened = pruningSpace("espalier", space.context, { query_heads: { low: 0, high: 2 } });
    const [best, first, second] = informedStarts(opened, "wanda_sp");
    expect([best, first, second]).toEqual([0, 1, 0.5].map((query_heads) => ({ ...best, query_heads })));
  });

  it("moves widths a little in later starts, the same for the same seed", () => {
    const starts = informedStarts(space, "taylor_second", { seed: 3 });
    expect(starts).toEqual(informedStarts(space, "taylor_second", { seed: 3 }));
    expect(starts).not.toEqual(informedStarts(space, "taylor_second", { seed: 4 }));
    for (const point of starts.slice(3)) expect(Math.abs(Number(point["width.mlp.0"]))).toBeLessThanOrEqual(0.4);
    expect(new Set(starts.map((point) => point["width.mlp.0"])).size).toBe(4);
    const more = informedStarts(space, "taylor_second", { seed: 3, moved: 6 });
    expect(more.slice(0, starts.length)).toEqual(starts);
    expect(more).toHaveLength(starts.length + 3);
  });

  it("lets the elimination order decide which units leave, not how many", () => {
    const point = baselinePoint("taylor_second", space);
    const plain = planFromParameters(space, point, statistics, { sparsity: 0.4 });
    const ordered = planFromParameters(space, { ...point, obs_share: 1 }, statistics, { sparsity: 0.4 });
    ordered.layers.forEach((layer, l) => {
      expect(layer.channels.length).toBe(plain.layers[l].channels.length);
      // The order removes the largest indices first.
      expect([...layer.channels]).toEqual([...layer.channels.keys()]);
    });
  });

  it("has no widths and no depth with layout uniform, and gives equal widths", () => {
    const uniform = pruningSpace("espalier", { ...context, layout: "uniform" });
    expect(uniform.parameters.some((p) => p.name.startsWith("width.") || p.name.startsWith("depth."))).toBe(false);
    const plan = planFromParameters(uniform, baselinePoint("wanda_sp", uniform), statistics, { sparsity: 0.4 });
    expect(new Set(plan.layers.map((l) => `${l.kvGroups.length} ${l.channels.length}`)).size).toBe(1);
  });

  it("leaves the ridge out when nothing uses it", () => {
    const names = (compensation: "none" | "least_squares") =>
      pruningSpace("espalier", { ...context, compensation }).parameters.map((p) => p.name);
    expect(names("none")).not.toContain("lambda");
    expect(names("least_squares")).toContain("lambda");
    expect(names("least_squares")).not.toContain("compensation");
  });
});

describe("overrides", () => {
  const withOverride = (name: string, override: ParameterOverride) =>
    pruningSpace("espalier", context, { [name]: override });
  const problemOf = (act: () => unknown): AppError => {
    try {
      act();
    } catch (error) {
      if (error instanceof AppError) return error;
    }
    throw new Error("expected an AppError");
  };

  it("fix a value, which every point then has", () => {
    const space = withOverride("obs_share", 0.25);
    expect(space.parameters.map((p) => p.name)).not.toContain("obs_share");
    expect(settingsFromParameters(space, { obs_share: 1 }).obsShare).toBe(0.25);
  });

  it("narrow a range, and move the baseline to the nearest value", () => {
    const space = withOverride("width.mlp.0", { low: 0.1, high: 0.3 });
    expect(space.parameters.find((p) => p.name === "width.mlp.0")).toMatchObject({ low: 0.1, high: 0.3 });
    expect(baselinePoint("wanda_sp", space)["width.mlp.0"]).toBe(0.1);
  });

  it("open a parameter that is closed by default", () => {
    expect(pruningSpace("espalier", context).parameters.map((p) => p.name)).not.toContain("protect.first");
    const space = withOverride("protect.first", { low: 0, high: 1 });
    expect(space.parameters.find((p) => p.name === "protect.first")).toMatchObject({ type: "int", low: 0, high: 1 });
  });

  it("choose among values", () => {
    expect(withOverride("norm", { choices: ["rank", "log"] }).parameters.find((p) => p.name === "norm")).toMatchObject({
      choices: ["rank", "log"],
    });
    expect(withOverride("lambda", 0.003).neutral["lambda"]).toBe(0.003);
  });

  it("refuse unknown names with the known ones and a pointer", () => {
    const error = problemOf(() => withOverride("widht/0", 1));
    expect(error.code).toBe("VALIDATION_FAILED");
    expect(error.errors[0].pointer).toBe("/search/space/widht~10");
    expect(error.errors[0].detail).toContain("width.mlp.0");
  });

  it.each<[string, ParameterOverride, string]>([
    ["obs_share", 2, "2 is not between 0 and 1"],
    ["obs_share", "a lot", "is not a number"],
    ["obs_share", { low: 0.8, high: 0.2 }, "low 0.8 is above high 0.2"],
    ["norm", "softmax", "is not one of"],
    ["norm", { low: 0, high: 1 }, "it has no range"],
    ["norm", { choices: ["rank", "rank"] }, "repeat"],
    ["power", { low: 0, high: 2 }, "0 is not between 0.1 and 10"],
    ["width.mlp.0", { low: -0.5, high: 0.5, log: true }, "must start above 0"],
    ["protect.first", 0.5, "not whole"],
  ])("refuse %s = %j", (name, override, message) => {
    const error = problemOf(() => withOverride(name, override));
    expect(error.errors).toEqual([{ pointer: `/search/space/${name}`, detail: expect.stringContaining(message) }]);
  });

  it("report every fault at once, and unknown metrics by place", () => {
    expect(problemOf(() => pruningSpace("espalier", context, { a: 1, b: 2 })).errors).toHaveLength(2);
    const error = problemOf(() => pruningSpace("espalier", { ...context, metrics: ["taylor_second", "taylor"] }));
    expect(error.errors[0].pointer).toBe("/search/metrics/1");
  });
});

describe("the adapruner space", () => {
  const ada: SpaceContext = { ...context, metrics: ["ada_coarse", "ada_fine"] };
  const space = pruningSpace("adapruner", ada);
  const deep: SpaceContext = { ...ada, shape: { ...shape, layers: Array.from({ length: 32 }, () => shape.layers[0]) } };

  it("has ten samples of the pool, two mixing weights and the alignment factors", () => {
    expect(space.parameters.map((p) => p.name)).toEqual([
      ...Array.from({ length: 10 }, (_, i) => `sample.${i}`),
      "alpha.coarse",
      "alpha.fine",
      "align.coarse",
      "align.fine",
    ]);
    const settings = settingsFromParameters(space, informedStarts(space, "ada_coarse")[0]);
    expect(settings.calibration).toMatchObject({ kind: "subset", places: [3, 9, 16, 22, 28, 35, 41, 48, 54, 60] });
    expect(settings.compensation).toBe("none");
  });

  it("keeps the first 4 and last 2 of 32 blocks and prunes the others alike", () => {
    const settings = settingsFromParameters(pruningSpace("adapruner", deep), {} as Params);
    expect([settings.protectFirst, settings.protectLast, settings.allocation]).toEqual([4, 2, "uniform"]);
    const scores = { ada_coarse: scoresOf(1), ada_fine: scoresOf(2) };
    const plan = planFromParameters(pruningSpace("adapruner", { ...ada }), {}, { metrics: scores }, { sparsity: 0.3 });
    expect(plan.layers.map((l) => l.channels.length)).toHaveLength(LAYERS);
  });
});
