import {
  importanceView,
  type JobId,
  layersView,
  newJobId,
  type ParetoView,
  parallelView,
  paretoView,
  slicesView,
} from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PlayedTrial, playTrials, resultAt, settleProfile } from "./support/search-job.js";
import { problemOf, startService, type TestService } from "./support/service.js";

const space = [
  { name: "share", type: "float", low: 0, high: 1 },
  { name: "damping", type: "float", low: 0.001, high: 10, log: true },
  { name: "order", type: "categorical", choices: ["a", "b", true, null] },
  { name: "depth", type: "int", low: 0, high: 9 },
] as const;

const choices = space[2].choices;

/** Trial n of 40: the score follows `share`; every fourth one is a refined one that is better than all others. */
function trial(n: number): PlayedTrial {
  const share = ((n * 17) % 41) / 41;
  const params = { share, damping: 10 ** -((n * 7) % 4), order: choices[n % 3] ?? null, depth: (n * 3) % 10 };
  const isRefined = n % 4 === 3;
  const score = isRefined ? 1 : 2 + share;
  return {
    params: isRefined ? { ...params, exchange: "8" } : params,
    origin: isRefined ? "refinement" : "sampler",
    score,
    results: [resultAt(0.2, Math.exp(score), 800), resultAt(0.5, n === 3 ? null : 3 * Math.exp(score), 500 + n)],
  };
}

describe("the analysis of a search", () => {
  let service: TestService;
  let id: JobId;
  beforeAll(async () => {
    service = await startService();
    id = (await service.submit({ target: { sparsity: [0.2, 0.5] }, search: { trials: 41 } })).id;
    await settleProfile(service, id, space);
    await playTrials(
      service,
      id,
      Array.from({ length: 40 }, (_, n) => trial(n)),
    );
  });
  afterAll(() => service.close());

  const read = async (path: string) => {
    const response = await service.get(`/v1/jobs/${id}/${path}`);
    expect(response.statusCode, response.body).toBe(200);
    return response.json();
  };

  it("finds the parameter that decides, from trials that were not refined", async () => {
    const found = importanceView.parse(await read("importance"));
    expect(found).toMatchObject({ trials: 30, truncated: false, quantile: 0.1, top_trials: 3, reason: null });
    expect(found.parameters.map(({ name }) => name).sort()).toEqual(["damping", "depth", "order", "share"]);
    expect(found.parameters[0]?.name).toBe("share");
    expect(found.parameters.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(1, 10);
    expect(importanceView.parse(await read("importance?quantile=0.5")).top_trials).toBe(15);
  });

  it("shows scores against each parameter, the best one always", async () => {
    const full = slicesView.parse(await read("slices"));
    expect(full.parameters.map(({ name, type, log, points }) => [name, type, log, points.length])).toEqual([
      ["share", "float", false, 30],
      ["damping", "float", true, 30],
      ["order", "categorical", false, 30],
      ["depth", "int", false, 30],
    ]);
    expect(full.parameters[0]).toMatchObject({
      low: 0,
      high: 1,
      choices: null,
      best: { value: 0, number: 0, score: 2 },
    });
    expect(full.parameters[2]).toMatchObject({ low: null, choices: ["a", "b", true, null] });
    const numbers = full.parameters[0]?.points.map(({ number }) => number) ?? [];
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));

    const thinned = slicesView.parse(await read("slices?points=5"));
    for (const { points } of thinned.parameters) {
      expect(points.length).toBeLessThanOrEqual(5);
      expect(points.map(({ number }) => number)).toContain(0);
    }
    expect(thinned.trials).toBe(30);
  });

  it("shows trials with all their parameters, choices by their place", async () => {
    const full = parallelView.parse(await read("parallel"));
    expect(full).toMatchObject({ trials: 30, truncated: false, top_score: 2 + 2 / 41 });
    expect(full.axes.map(({ name }) => name)).toEqual(["share", "damping", "order", "depth"]);
    expect(full.rows).toHaveLength(30);
    for (const { number, score, values } of full.rows) {
      const { params, score: own } = trial(number);
      expect({ score, values }).toEqual({
        score: own,
        values: [params["share"], params["damping"], choices.indexOf(choices[number % 3] ?? null), params["depth"]],
      });
    }

    const thinned = parallelView.parse(await read("parallel?points=20"));
    expect(thinned.rows).toHaveLength(20);
    expect(thinned.rows.filter(({ score }) => score <= (full.top_score ?? 0))).toHaveLength(3);
  });

  it("shows what the best trial keeps of each layer, at each sparsity", async () => {
    const best = layersView.parse(await read("layers"));
    expect(best.trial).toBe(3);
    expect(best.sparsities.map(({ sparsity, scoring_perplexity }) => [sparsity, scoring_perplexity])).toEqual([
      [0.2, Math.exp(1)],
      [0.5, null],
    ]);
    // stories260K: five layers with four key-value groups and 172 channels.
    expect(best.sparsities[0]?.layers[0]).toEqual({
      kv_groups: { kept: 4, dense: 4, share: 1 },
      channels: { kept: 172, dense: 172, share: 1 },
    });
    expect(best.sparsities[0]?.layers.map(({ channels }) => channels.share)).toEqual([1, 100 / 172, 0.5, 0.25, 0]);
    expect(layersView.parse(await read("layers?trial=7")).trial).toBe(7);
  });

  it("keeps the front of all trials at all sparsities", async () => {
    const front = paretoView.parse(await read("pareto"));
    // Trial 3 has no perplexity at 0.5, 7 is the smallest of the best there; 0 to 2 are smaller and worse.
    expect(front.points.map(({ trial_number, sparsity, parameters }) => [trial_number, sparsity, parameters])).toEqual([
      [0, 0.5, 500],
      [7, 0.5, 507],
      [3, 0.2, 800],
    ]);
    expect(front.dense).toEqual({ parameters: 1000, scoring_perplexity: 5 });
    expect(front.reference).toEqual({ parameters: 1000, scoring_perplexity: 500 });
    expect(front.hypervolume).toBeCloseTo(volume(front), 12);
  });

  it.each(["importance", "slices", "layers", "pareto", "history", "comparison"])(
    "answers %s with an entity tag",
    async (path) => {
      const url = `/v1/jobs/${id}/${path}`;
      const { headers } = await service.get(url);
      expect(headers.etag).toMatch(/^"/);
      expect((await service.get(url, { "if-none-match": String(headers.etag) })).statusCode).toBe(304);
    },
  );

  it.each(["importance", "slices", "layers", "pareto"])("has no %s of a job that there is not", async (path) => {
    const response = await service.get(`/v1/jobs/${newJobId()}/${path}`);
    expect(response.statusCode).toBe(404);
    expect(problemOf(response).code).toBe("JOB_NOT_FOUND");
  });

  it.each([
    ["importance?quantile=0", "/quantile"],
    ["importance?quantile=x", "/quantile"],
    ["slices?points=1", "/points"],
    ["layers?trial=-1", "/trial"],
    ["importance?depth=1", "/depth"],
  ])("refuses %s", async (path, pointer) => {
    const response = await service.get(`/v1/jobs/${id}/${path}`);
    expect(response.statusCode, response.body).toBe(422);
    expect(problemOf(response).errors?.[0]?.pointer).toContain(pointer);
  });

  it("has no layers of a trial that there is not", async () => {
    const response = await service.get(`/v1/jobs/${id}/layers?trial=99`);
    expect(response.statusCode).toBe(404);
    expect(problemOf(response).code).toBe("TRIAL_NOT_FOUND");
  });

  it("says why there is nothing yet", async () => {
    const { id: fresh } = await service.submit();
    const get = async (path: string) => (await service.get(`/v1/jobs/${fresh}/${path}`)).json();
    expect(await get("importance")).toMatchObject({ parameters: [], trials: 0, reason: /0 points/ });
    expect(await get("slices")).toEqual({ trials: 0, truncated: false, parameters: [] });
    expect(await get("pareto")).toEqual({ points: [], dense: null, reference: null, hypervolume: null });
    expect(problemOf(await service.get(`/v1/jobs/${fresh}/layers`)).code).toBe("TRIAL_NOT_FOUND");
    await settleProfile(service, fresh, space);
    expect(await get("pareto")).toMatchObject({ points: [], dense: { parameters: 1000 }, hypervolume: 0 });
  });
});

/** Area by definition: for each point what lies beyond it in perplexity, up to the next larger point. */
function volume({ points }: ParetoView): number {
  return points.reduce((sum, { parameters, scoring_perplexity }, i) => {
    const width = ((points[i + 1]?.parameters ?? 1000) - parameters) / 1000;
    return sum + width * (1 - Math.log(scoring_perplexity / 5) / Math.log(100));
  }, 0);
}
