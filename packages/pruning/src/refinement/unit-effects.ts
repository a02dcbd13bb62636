import type { DecoderShape } from "@espalier/contracts";
import type { CompensationName, InverseCache, ProjectionStatistics } from "../compensation/index.js";
import { complement } from "../linear-algebra/index.js";
import { queryHeadsPerGroup } from "../units/costs.js";
import { keptInputs } from "../units/kept-inputs.js";
import type { Plan } from "../units/plan.js";
import type { UnitKind } from "../units/vectors.js";
import { type Effect, effectModels } from "./effects/index.js";
import type { ProjectionGradient } from "./loss-gradients.js";

/** Predicted changes of the mean loss when a unit is toggled: removed where the plan keeps it, restored where not. */
export interface LayerEffects {
  /** [units] each; half the curvature is `second`. Float32, as stored. */
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** For each kind and layer, the effects of its units: K KV groups or F channels. */
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
    mlp: shape.layers.map(({ intermediateSize }) => empty(intermediateSize)),
  };
  for (const statistics of options.projections) {
    const { layer, projection, inputs } = statistics;
    const gradient = options.gradients.find((g) => g.layer === layer && g.projection === projection);
    if (gradient === undefined) throw new RangeError(`no gradient of layer ${layer} ${projection}`);
    const kept = keptInputs(shape, plan, layer, projection);
    const kind = projection === "o_proj" ? "attention" : "mlp";
    const blockWidth = kind === "mlp" ? 1 : queryHeadsPerGroup(shape.layers[layer]) * shape.headDim;
    const removed = complement(kept, inputs);
    const input = { statistics, gradient, kept, removed, blockWidth, lambda, cache };
    const { removal, restoration } = effectModels[compensation].effects(input);
    write(effects[kind][layer], kept, blockWidth, removal);
    write(effects[kind][layer], removed, blockWidth, restoration);
  }
  return effects;
}

function empty(units: number): LayerEffects {
  return { first: new Float32Array(units), second: new Float32Array(units) };
}

function write(into: LayerEffects, inputs: Int32Array, blockWidth: number, effects: readonly Effect[]): void {
  effects.forEach(({ first, second }, i) => {
    const unit = inputs[i * blockWidth] / blockWidth;
    into.first[unit] = first;
    into.second[unit] = second;
  });
}
