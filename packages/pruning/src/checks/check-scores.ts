import { aggregate } from "../importance/aggregate.js";
import { isMeasuredMetric, measuredMetrics } from "../importance/metrics/registry.js";
import { profileInMemory } from "../statistics/memory-profile.js";
import { recombine } from "../statistics/recombine.js";
import { weightEqually } from "../statistics/weighting.js";
import type { CheckedModel } from "./checked-model.js";
import { type Comparison, compare, GRADIENT_TOLERANCE } from "./comparison.js";
import type { LlamaFixture } from "./fixture.js";

/** Every score the fixture names, from the statistics of its windows, vectors summed into units. */
export async function checkScores({ shape, weights }: CheckedModel, fixture: LlamaFixture): Promise<Comparison[]> {
  if (fixture.scores.size === 0) return [];
  const profile = await profileInMemory({ shape, weights, windows: fixture.windows });
  const statistics = await recombine(profile, weightEqually(profile), true);
  return [...fixture.scores].flatMap(([name, expected]): Comparison[] => {
    if (!isMeasuredMetric(name)) return [{ name: `scores.${name}`, passed: false, reason: "no such metric" }];
    const metric = measuredMetrics[name].score({ shape, weights, statistics, seed: 0 });
    const units = aggregate(shape, metric, "sum");
    return (["attention", "mlp"] as const).map((kind) => {
      const found = units[kind].flatMap((layer) => [...layer]);
      return compare(`scores.${name}.${kind}`, found, expected[kind], GRADIENT_TOLERANCE);
    });
  });
}
