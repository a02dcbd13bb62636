import { type DecoderShape, mlpUnits } from "@espalier/contracts";
import type { CompensationName, InverseCache, ProjectionStatistics } from "../compensation/index.js";
import { complement } from "../linear-algebra/index.js";
import { queryHeadsPerGroup } from "../units/costs.js";
import { keptInputs } from "../units/kept-inputs.js";
import type { Plan } from "../units/plan.js";
import { thinnedShape } from "../units/query-heads.js";
import type { OutputProjectionName, UnitKind } from "../units/vectors.js";
import { type Effect, effectModels } from "./effects/index.js";
import type { ProjectionGradient } from "./loss-gradients.js";

/** Predicted changes of the mean loss when a unit is toggled: removed where the plan keeps it, restored where not. */
export interface LayerEffects {
  /** [units] each; half the curvature is `second`. Float32, as stored. */
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** For each kind and layer, the effects of its units: K KV groups, F channels; zeros for experts, which are not toggled. */
export type UnitEffects = Readonly<Record<UnitKind, readonly LayerEffects[]>>;

export interface UnitEffectsOptions {
  readonly shape: DecoderShape;
  readonly plan: Plan;
  readonly projections: readonly ProjectionStatistics[];
  readonly gradients: readonly ProjectionGradient[];
  readonly compensation: CompensationName;
  readonly lambda: number;
  readonly cache: InverseCache;
}

/** Effects of every unit of a candidate, from one measurement of its gradients and the cached second moments. */
export function unitEffects(options: UnitEffectsOptions): UnitEffects {
  const { shape, plan, compensation, lambda, cache } = options;
  const effects: UnitEffects = {
    attention: shape.layers.map(({ kvHeads }) => empty(kvHeads)),
    mlp: shape.layers.map((layer) => empty(mlpUnits(layer))),
  };
  for (const statistics of options.projections) {
    const { layer, projection } = statistics;
    const gradient = options.gradients.find((g) => g.layer === layer && g.projection === projection);
    if (gradient === undefined) throw new RangeError(`no gradient of layer ${layer} ${projection}`);
    const kind = projection === "o_proj" ? "attention" : "mlp";
    const sides = sidesOf(shape, plan, layer, projection);
    const { removal, restoration } = effectModels[compensation].effects({
      statistics,
      gradient,
      ...sides,
      lambda,
      cache,
    });
    write(effects[kind][layer], sides.kept, sides, removal);
    write(effects[kind][layer], sides.removed, sides, restoration);
  }
  return effects;
}

/** Inputs that a plan keeps and those it has lost, as blocks of `blockWidth`, of which a dense unit has `unitWidth`. */
function sidesOf(shape: DecoderShape, plan: Plan, layer: number, projection: OutputProjectionName) {
  const widths = shape.layers[layer];
  const kept = keptInputs(shape, plan, layer, projection);
  if (projection === "down_proj") {
    const removed = complement(kept, widths.intermediateSize);
    return { kept, removed, restorable: removed.length, blockWidth: 1, unitWidth: 1 };
  }
  const unitWidth = queryHeadsPerGroup(widths) * shape.headDim;
  const blockWidth = queryHeadsPerGroup(thinnedShape(shape, plan.layers).layers[layer]) * shape.headDim;
  // A group comes back with the query heads that its layer's groups are left with; the others are gone for good.
  const lost = { ...plan.layers[layer], kvGroups: complement(plan.layers[layer].kvGroups, widths.kvHeads) };
  const back = keptInputs(shape, { layers: plan.layers.with(layer, lost) }, layer, projection);
  const either = Int32Array.from([...kept, ...back]).sort();
  const removed = Int32Array.from([...back, ...complement(either, widths.heads * shape.headDim)]);
  return { kept, removed, restorable: back.length, blockWidth, unitWidth };
}

function empty(units: number): LayerEffects {
  return { first: new Float32Array(units), second: new Float32Array(units) };
}

function write(
  into: LayerEffects,
  inputs: Int32Array,
  { blockWidth, unitWidth }: { readonly blockWidth: number; readonly unitWidth: number },
  effects: readonly Effect[],
): void {
  effects.forEach(({ first, second }, i) => {
    const unit = Math.floor(inputs[i * blockWidth] / unitWidth);
    into.first[unit] = first;
    into.second[unit] = second;
  });
}
