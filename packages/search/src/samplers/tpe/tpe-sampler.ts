import { assertUsable, type History, inNumberOrder } from "../../history/trial.js";
import type { Rng } from "../../random/rng.js";
import { type Dimension, isSingle } from "../../space/dimension.js";
import { decodeValue } from "../../space/encoding.js";
import type { ParameterValue } from "../../space/parameter.js";
import { existingOnly, withRestValues } from "../conditional.js";
import { localProposal } from "../local/local-proposal.js";
import type { Sampler } from "../sampler.js";
import { spreadStart } from "../spread-start.js";
import { uniformDraw } from "../uniform-draw.js";
import { acquisition, densities } from "./acquisition.js";
import { gammaRules } from "./gamma.js";
import { jointDimensions } from "./joint-dimensions.js";
import type { TpeOptions } from "./options.js";
import { finishedCount, type Split, splitTrials } from "./split.js";
import { violation } from "./violation.js";

/** The good-bad split that the sampler makes of a history. */
export function splitHistory(history: History, options: TpeOptions): Split {
  const rule = gammaRules[history.directions.length > 1 ? options.gammaSeveral : options.gamma];
  return splitTrials(history, rule(finishedCount(history.trials)), options);
}

/** Tree-structured Parzen estimator (Bergstra et al., 2011; Watanabe, arXiv 2304.11127). */
export function tpeSampler(options: TpeOptions): Sampler {
  return {
    name: "tpe",
    suggest(space, history, rng) {
      assertUsable(history);
      const free = space.dimensions.filter((dimension) => !isSingle(dimension));
      const chosen = new Map(
        knownEnough(history, options) ? learned(free, history, options, rng) : first(free, history, options, rng),
      );
      const params: Record<string, ParameterValue> = {};
      for (const dimension of space.dimensions) {
        params[dimension.name] = decodeValue(dimension, chosen.get(dimension) ?? onlyValue(dimension));
      }
      return existingOnly(space.dimensions, params);
    },
  };
}

type Chosen = (readonly [Dimension, number])[];

const onlyValue = (dimension: Dimension): number => (dimension.kind === "categorical" ? 0 : dimension.low);

function knownEnough({ trials }: History, { startupTrials, constantLiar }: TpeOptions): boolean {
  const running = constantLiar ? trials.filter(({ state }) => state === "running").length : 0;
  return finishedCount(trials) + running >= startupTrials;
}

function first(free: readonly Dimension[], history: History, options: TpeOptions, rng: Rng): Chosen {
  if (options.start === "random") return free.map((dimension) => [dimension, uniformDraw(dimension, rng)]);
  const point = spreadStart(free, inNumberOrder(history.trials), rng);
  return free.map((dimension, i) => [dimension, point[i]]);
}

function learned(free: readonly Dimension[], history: History, options: TpeOptions, rng: Rng): Chosen {
  // No number is drawn where the share is 0, so that Optuna's presets keep their streams.
  if (options.localShare > 0 && rng.next() < options.localShare) {
    const near = { ...history, trials: withRestValues(free, history.trials) };
    const point = localProposal(free, near, (trial) => violation(trial, options) === 0, rng);
    if (point !== null) return free.map((dimension, d) => [dimension, point[d]]);
  }
  const split = splitHistory(history, options);
  return jointDimensions(free, history, options).flatMap((dimensions) => {
    const pair = densities(dimensions, split, history.directions, options);
    const columns = pair.below.sample(rng, options.candidates);
    const { argmax } = acquisition(pair, columns, options.candidates);
    return dimensions.map((dimension, d) => [dimension, columns[d][argmax]] as const);
  });
}
