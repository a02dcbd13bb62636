import type { Params } from "@espalier/search";
import { type AllocationName, allocationNames } from "../allocation/allocate.js";
import type { DropCounts } from "../allocation/drop.js";
import type { ModifierName } from "../allocation/modifiers/index.js";
import { layerGroupCount, type WidthFactors } from "../allocation/width-factors.js";
import { type CompensationName, compensationNames } from "../compensation/compensate.js";
import { type AggregationName, aggregationNames } from "../importance/aggregate.js";
import { type NormalisationName, normalisationNames } from "../importance/normalise.js";
import { BASELINE_LAMBDA } from "./context.js";
import { completePoint, type PruningSpace } from "./pruning-space.js";

/**
 * Exponent on the parameters `metric.<name>`. Drawn evenly from [0, 1], plain weights average all metrics, which is
 * worse than any good one alone; with the fourth power the largest lead, and 0 and 1 stay what they are.
 */
const MIXTURE_SHARPNESS = 4;

/** Which calibration samples count, and how much. */
export type CalibrationSettings =
  | { readonly kind: "clusters"; readonly weights: readonly number[]; readonly temperature: number }
  | { readonly kind: "subset"; readonly places: readonly number[]; readonly alignment: AlignmentSettings };

/** Factors of preset `adapruner` on the second-order terms of its two scores. */
export interface AlignmentSettings {
  readonly coarseSecondOrder: number;
  readonly fineSecondOrder: number;
}

/** A point of the space in the terms of the code that carries it out. */
export interface TrialSettings {
  readonly calibration: CalibrationSettings;
  /** Weight of each metric of the mixture, ≥ 0; metrics of weight 0 need not be computed (unless all are 0). */
  readonly metricWeights: Readonly<Record<string, number>>;
  readonly normalisation: NormalisationName;
  readonly power: number;
  readonly aggregation: AggregationName;
  readonly allocation: AllocationName;
  readonly modifiers: Readonly<Record<ModifierName, number>>;
  /** Whether equal layers prefer numbers of query heads that divide the hidden size. */
  readonly dividingHeads: boolean;
  readonly widthFactors?: WidthFactors;
  readonly protectFirst: number;
  readonly protectLast: number;
  /** Parts of the model that leave whole. */
  readonly drop: DropCounts;
  /** How readily query heads leave inside KV groups; 0: they stay. */
  readonly queryHeads: number;
  /** Weight of the greedy elimination order against the metrics' ranking within a layer, in [0, 1]. */
  readonly obsShare: number;
  readonly compensation: CompensationName;
  readonly lambda: number;
  /** Whether repairs and rounds of exchange weigh the calibration clusters too, or take all samples alike. */
  readonly repairByCluster: boolean;
}

/** Reads a point; missing parameters take their neutral values. Throws RangeError for a value of the wrong type. */
export function settingsFromParameters(space: PruningSpace, params: Params): TrialSettings {
  const point = new PointReader(completePoint(space, params));
  const { layout, shape } = space.context;
  const groups = layerGroupCount(shape.layers.length);
  const factors = (kind: string) => Array.from({ length: groups }, (_, g) => point.number(`width.${kind}.${g}`, 0));
  const free = layout === "free";
  return {
    calibration: calibrationOf(space, point),
    metricWeights: metricWeightsOf(space, point),
    normalisation: point.oneOf("norm", normalisationNames, "none"),
    power: point.number("power", 1),
    aggregation: point.oneOf("agg", aggregationNames, "sum"),
    allocation: free ? point.oneOf("allocation", allocationNames, "global") : "equal",
    modifiers: {
      attentionFactor: point.number("attention_factor", 0),
      depthTilt: point.number("depth.tilt", 0),
      depthCurvature: point.number("depth.curvature", 0),
      equalisation: point.number("equalisation", 0),
      similarity: point.number("similarity", 0),
    },
    dividingHeads: point.flag("dividing_heads", true),
    ...(free ? { widthFactors: { attention: factors("attention"), mlp: factors("mlp") } } : {}),
    protectFirst: point.number("protect.first", 0),
    protectLast: point.number("protect.last", 0),
    drop: {
      blocks: point.number("depth.drop_blocks", 0),
      attention: point.number("depth.drop_attention", 0),
      mlp: point.number("depth.drop_mlp", 0),
    },
    queryHeads: point.number("query_heads", 0),
    obsShare: point.number("obs_share", 0),
    compensation: point.oneOf("compensation", compensationNames, "none"),
    lambda: point.number("lambda", BASELINE_LAMBDA),
    repairByCluster: point.flag("compensation.cluster_weights", false),
  };
}

function calibrationOf(space: PruningSpace, point: PointReader): CalibrationSettings {
  if (space.preset === "espalier") {
    const weights = Array.from({ length: space.context.clusters }, (_, c) => point.number(`cluster.${c}`, 1));
    return { kind: "clusters", weights, temperature: point.number("cluster.temperature", 0) };
  }
  return {
    kind: "subset",
    places: point.names("sample.").map((name) => point.number(name, 0)),
    alignment: {
      coarseSecondOrder: point.number("align.coarse", 1),
      fineSecondOrder: point.number("align.fine", 1),
    },
  };
}

function metricWeightsOf(space: PruningSpace, point: PointReader): Record<string, number> {
  if (space.preset === "adapruner") {
    return {
      ada_coarse: point.number("alpha.coarse", 1),
      ada_fine: point.number("alpha.fine", 1) * point.number("align.mix", 1),
    };
  }
  const { metrics } = space.context;
  const leading = point.oneOf("metric", metrics, metrics[0]);
  return Object.fromEntries(
    metrics.map((metric) => [
      metric,
      metric === leading ? 1 : point.number(`metric.${metric}`, 0) ** MIXTURE_SHARPNESS,
    ]),
  );
}

class PointReader {
  constructor(readonly values: Params) {}

  names(prefix: string): string[] {
    return Object.keys(this.values).filter((name) => name.startsWith(prefix));
  }

  number(name: string, missing: number): number {
    const value = this.values[name] ?? missing;
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new RangeError(`parameter '${name}' is ${JSON.stringify(value)}, expected a finite number`);
    }
    return value;
  }

  flag(name: string, missing: boolean): boolean {
    const value = this.values[name] ?? missing;
    if (typeof value === "boolean") return value;
    throw new RangeError(`parameter '${name}' is ${JSON.stringify(value)}, expected true or false`);
  }

  oneOf<T extends string>(name: string, choices: readonly T[], missing: T): T {
    const value = this.values[name] ?? missing;
    const found = choices.find((choice) => choice === value);
    if (found === undefined)
      throw new RangeError(`parameter '${name}' is ${JSON.stringify(value)}, not one of ${choices}`);
    return found;
  }
}
