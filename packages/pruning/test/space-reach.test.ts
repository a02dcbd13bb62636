import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ParameterOverride } from "@espalier/contracts";
import { holds, nextPoint, type ParameterValue, type Trial } from "@espalier/search";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aggregationNames } from "../src/importance/aggregate.js";
import { importanceNames, knowsUnits } from "../src/importance/metrics-of.js";
import { normalisationNames } from "../src/importance/normalise.js";
import type { SearchContext } from "../src/search-context/context.js";
import { defaultMetrics } from "../src/search-context/default-metrics.js";
import { descriptions } from "../src/space/document/descriptions.js";
import { familyName, spaceDocument } from "../src/space/document/space-document.js";
import { baselinePoint, pruningSpace, settingsFromParameters } from "../src/space/index.js";
import { openShippedJob, usingShippedJob } from "./shipped-job.js";
import { spaceContext } from "./space-context.js";

type Values = Readonly<Record<string, ParameterValue>>;

interface Case {
  /** How a job's body opens the parameter; several names where it takes several to see the effect. */
  readonly open: Readonly<Record<string, ParameterOverride>>;
  /** A value off the neutral one that changes plan or weights, and what else it takes to see that. */
  readonly value: Values;
  readonly beside?: Values;
}

const numbers = (low: number, high: number) => ({ low, high });
const gradient: Values = { metric: "taylor_first" };
const several = { "metric.wanda_sp": numbers(0, 1), norm: { choices: [...normalisationNames] } };

/** Every family of parameters of preset `espalier` in a free layout. */
const cases: Readonly<Record<string, Case>> = {
  "width.mlp.N": { open: { "width.mlp.1": numbers(-1, 1) }, value: { "width.mlp.1": 0.6 } },
  "width.attention.N": { open: { "width.attention.2": numbers(-2, 2) }, value: { "width.attention.2": -1.5 } },
  allocation: { open: { allocation: { choices: ["uniform", "global"] } }, value: { allocation: "uniform" } },
  "depth.tilt": { open: { "depth.tilt": numbers(-3, 3) }, value: { "depth.tilt": 2 } },
  "depth.curvature": { open: { "depth.curvature": numbers(-3, 3) }, value: { "depth.curvature": 2 } },
  equalisation: { open: { equalisation: numbers(0, 1) }, value: { equalisation: 1 } },
  similarity: { open: { similarity: numbers(-2, 2) }, value: { similarity: 2 } },
  "protect.first": { open: { "protect.first": numbers(0, 2) }, value: { "protect.first": 1 } },
  "protect.last": { open: { "protect.last": numbers(0, 2) }, value: { "protect.last": 1 } },
  "depth.drop_blocks": { open: { "depth.drop_blocks": numbers(0, 2) }, value: { "depth.drop_blocks": 1 } },
  "depth.drop_attention": { open: { "depth.drop_attention": numbers(0, 2) }, value: { "depth.drop_attention": 1 } },
  "depth.drop_mlp": { open: { "depth.drop_mlp": numbers(0, 2) }, value: { "depth.drop_mlp": 1 } },
  query_heads: { open: { query_heads: numbers(0, 4) }, value: { query_heads: 4 } },
  attention_factor: { open: { attention_factor: numbers(-2, 2) }, value: { attention_factor: 1.5 } },
  obs_share: { open: { obs_share: numbers(0.5, 1) }, value: { obs_share: 1 }, beside: gradient },
  compensation: {
    open: { compensation: { choices: ["least_squares", "bias", "none"] } },
    value: { compensation: "bias" },
  },
  lambda: {
    open: { lambda: { ...numbers(1e-5, 1), when: { compensation: ["least_squares"] } } },
    value: { lambda: 0.5 },
  },
  metric: { open: { metric: { choices: ["obs_fisher", "taylor_first", "wanda_sp"] } }, value: { metric: "wanda_sp" } },
  "metric.<metric>": { open: several, value: { "metric.wanda_sp": 1 }, beside: gradient },
  norm: { open: several, value: { norm: "rank" }, beside: { ...gradient, "metric.wanda_sp": 1 } },
  agg: { open: { agg: { choices: [...aggregationNames] } }, value: { agg: "last" }, beside: gradient },
  power: {
    open: { ...several, power: { ...numbers(0.2, 5), log: true } },
    value: { power: 0.25 },
    beside: { ...gradient, "metric.wanda_sp": 1 },
  },
  "cluster.N": { open: { "cluster.0": numbers(0, 1) }, value: { "cluster.0": 0 }, beside: gradient },
  "cluster.temperature": {
    open: { "cluster.temperature": numbers(-4, 4) },
    value: { "cluster.temperature": 4 },
    beside: gradient,
  },
  "compensation.cluster_weights": {
    open: { "compensation.cluster_weights": { choices: [true, false] } },
    value: { "compensation.cluster_weights": false },
    beside: { "cluster.0": 0 },
  },
};

let dataDir: string;
let context: SearchContext;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "espalier-reach-"));
  const space = Object.assign({}, ...Object.values(cases).map(({ open }) => open));
  context = await openShippedJob(dataDir, { search: { space }, compensation: "search", target: { sparsity: [0.3] } });
});
afterAll(async () => {
  await context.close();
  await rm(dataDir, { recursive: true });
});

describe("a job that opens everything", () => {
  it("searches every parameter of the table above, and the table has every parameter", () => {
    const families = Object.keys(cases).sort();
    expect([...new Set(context.space.map(({ name }) => familyName(name)))].sort()).toEqual(families);
    const known = pruningSpace("espalier", { ...spaceContext, metrics: defaultMetrics(spaceContext.shape) }).neutral;
    expect([...new Set(Object.keys(known).map(familyName))].sort()).toEqual(families);
    expect(Object.keys(descriptions)).toEqual(expect.arrayContaining(families));
  });

  const outcome = async (values: Values) => {
    const params = { ...context.starts[0], ...values };
    const { score } = await context.score(params);
    expect(score).toBeGreaterThan(0);
    const plan = await context.plan(params, 0.3);
    const { weights, biases } = await context.compensatedWeights(params, plan);
    return { plan, weights: [...weights], biases: [...biases] };
  };

  it.each(Object.entries(cases))("scores a trial that %s decides", async (family, { value, beside = {} }) => {
    for (const name of Object.keys(value)) expect(familyName(name)).toBe(family);
    expect(await outcome({ ...beside, ...value })).not.toEqual(await outcome(beside));
  });

  it.each(normalisationNames)("mixes on the scale '%s'", async (norm) => {
    await outcome({ ...gradient, norm, "metric.wanda_sp": 1 });
  });

  it.each(aggregationNames)("makes one score of a unit's vectors by '%s'", async (agg) => {
    await outcome({ ...gradient, agg });
  });
});

describe("a job that fixes a parameter", () => {
  const space = (overrides: Readonly<Record<string, ParameterOverride>>) =>
    pruningSpace("espalier", { ...spaceContext, metrics: defaultMetrics(spaceContext.shape) }, overrides);

  it.each(Object.entries(cases))("leaves %s to no trial", (_, { open, value }) => {
    const opened = space(open);
    const fixed = space({ ...open, ...value });
    const neutral = baselinePoint("obs_fisher", opened);
    expect(fixed.parameters.map(({ name }) => name)).not.toContain(Object.keys(value)[0]);
    expect(settingsFromParameters(fixed, neutral)).toEqual(settingsFromParameters(opened, { ...neutral, ...value }));
  });
});

describe("other jobs", () => {
  it("mix any metric of the registry", async () => {
    const metrics = importanceNames.filter((name) => knowsUnits(spaceContext.shape, name));
    await usingShippedJob(dataDir, { search: { metrics }, target: { sparsity: [0.3] } }, async (job) => {
      for (const metric of metrics) {
        expect((await job.score({ ...job.starts[0], metric })).score).toBeGreaterThan(0);
      }
    });
  });

  it.each([{ layout: "uniform" as const }, { round_to: 16 }])("keep to the target's %j", async (target) => {
    await usingShippedJob(dataDir, { target: { ...target, sparsity: [0.3] } }, async (job) => {
      const [{ channels }] = (await job.score(job.starts[0])).results;
      if (target.layout === "uniform") expect(new Set(channels).size).toBe(1);
      else for (const width of channels) expect(width % 16).toBe(0);
    });
  });

  it("run with conditional parameters from the first start to the last round of exchange", async () => {
    const when = { compensation: ["least_squares"] };
    const space: Record<string, ParameterOverride> = {
      lambda: { low: 1e-5, high: 1, log: true, when },
      obs_share: { low: 0.5, high: 1, when },
      "depth.drop_attention": { low: 0, high: 2, when: { allocation: ["global"] } },
    };
    const target = { sparsity: [0.3] };
    await usingShippedJob(dataDir, { search: { space }, compensation: "search", target }, async (job) => {
      const { starts, given } = await job.baselines();
      const schedule = {
        space: job.space,
        starts,
        given,
        sampler: "tpe" as const,
        trials: 30,
        refinement: 0.1,
        seed: 1,
      };
      const trials: Trial[] = [];
      for (let number = 0; number < schedule.trials; number++) {
        const { params } = nextPoint(schedule, trials, number);
        const named = job.space.filter((parameter) => holds(parameter.when, params)).map(({ name }) => name);
        expect(
          Object.keys(params)
            .filter((name) => name !== "exchange")
            .sort(),
        ).toEqual(named.sort());
        const { score } = await job.score(params);
        trials.push({ number, state: "complete", params, values: [score ?? Infinity] });
      }
      const methods = new Set(trials.map(({ params }) => params["compensation"]));
      expect([...methods].sort()).toEqual(["least_squares", "none"]);
    });
  });

  it("change the preset adapruner", async () => {
    const space = {
      "align.coarse": { low: 1, high: 1e8 },
      "alpha.fine": { low: 0.2, high: 0.4 },
      "sample.3": 2,
      "protect.first": { low: 0, high: 2 },
      allocation: { choices: ["uniform", "global"] },
    };
    await usingShippedJob(dataDir, { search: { preset: "adapruner", space } }, async (job) => {
      expect(job.space.map(({ name }) => name)).toEqual(expect.arrayContaining(["align.coarse", "protect.first"]));
      expect((await job.score(job.starts[0])).score).toBeGreaterThan(0);
    });
  });
});

describe("docs/search-space.md", () => {
  it("is the document of this space (npm run openapi)", async () => {
    const stored = await readFile(fileURLToPath(new URL("../../../docs/search-space.md", import.meta.url)), "utf8");
    expect(stored).toBe(spaceDocument(defaultMetrics({ layers: [] })));
    for (const name of Object.keys(descriptions)) expect(stored).toContain(`| \`${name}\` |`);
    expect(stored).not.toContain("|  |");
  });
});
