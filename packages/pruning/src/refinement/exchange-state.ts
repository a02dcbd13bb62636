import type { DecoderShape } from "@espalier/contracts";
import { type LayerLimits, widthParameters } from "../allocation/limits.js";
import { unitCosts } from "../units/costs.js";
import { keptWidths, type Plan } from "../units/plan.js";
import { type UnitKind, unitKinds } from "../units/vectors.js";
import type { UnitEffects } from "./unit-effects.js";

/** Units of one layer and kind that move together. */
export interface Move {
  readonly layer: number;
  readonly kind: UnitKind;
  readonly units: readonly number[];
  readonly cost: number;
  /** Predicted change of the loss per parameter. */
  readonly density: number;
}

/** Moves of one layer and kind: lost units by rising effect of their return, kept ones by that of their loss. */
export interface LayerMoves {
  readonly restore: readonly Move[];
  readonly remove: readonly Move[];
}

/** A plan in the middle of a round: which units it keeps, and what further moves are predicted to do. */
export class ExchangeState {
  readonly #before: Readonly<Record<UnitKind, readonly ReadonlySet<number>[]>>;
  readonly #kept: Readonly<Record<UnitKind, readonly Set<number>[]>>;
  readonly #costs;
  #parameters: number;

  constructor(
    readonly shape: DecoderShape,
    readonly start: Plan,
    readonly effects: UnitEffects,
    readonly limits: readonly LayerLimits[],
  ) {
    this.#costs = unitCosts(shape);
    this.#before = keptSets(start);
    this.#kept = keptSets(start);
    this.#parameters = widthParameters(shape, keptWidths(start));
  }

  /** Of the blocks, as things stand. */
  get parameters(): number {
    return this.#parameters;
  }

  plan(): Plan {
    const sorted = (units: ReadonlySet<number>): Int32Array => Int32Array.from(units).sort();
    return {
      layers: this.start.layers.map((before, l) => ({
        ...before,
        kvGroups: sorted(this.#kept.attention[l]),
        channels: sorted(this.#kept.mlp[l]),
      })),
    };
  }

  /**
   * What may move, per layer and kind that has a choice: units for which `mayMove` answers true, one by one or in the
   * steps of their layer's widths.
   */
  moves(mayMove: () => boolean, size: "single" | "step"): LayerMoves[] {
    return this.shape.layers.flatMap((_, layer) =>
      unitKinds.flatMap((kind) => {
        const { min, max, step } = this.limits[layer][kind];
        if (min === max) return [];
        const kept = this.#kept[kind][layer];
        const units = Array.from(this.effects[kind][layer].first.keys()).filter(mayMove);
        units.sort((a, b) => this.#change(kind, layer, a) - this.#change(kind, layer, b) || a - b);
        const together = size === "single" ? 1 : step;
        return {
          restore: this.#chunks(
            kind,
            layer,
            units.filter((unit) => !kept.has(unit)),
            together,
          ),
          remove: this.#chunks(
            kind,
            layer,
            units.filter((unit) => kept.has(unit)),
            together,
          ),
        };
      }),
    );
  }

  /** Whether restoring keeps the layer within its limits. */
  mayGrow({ kind, layer, units }: Move): boolean {
    return this.#kept[kind][layer].size + units.length <= this.limits[layer][kind].max;
  }

  /** Whether removing, after the moves already chosen, keeps the layer within its limits. */
  mayShrink({ kind, layer, units }: Move, chosen: readonly Move[]): boolean {
    const leaving = chosen.filter((move) => move.kind === kind && move.layer === layer);
    const gone = leaving.reduce((sum, move) => sum + move.units.length, units.length);
    return this.#kept[kind][layer].size - gone >= this.limits[layer][kind].min;
  }

  restore({ kind, layer, units, cost }: Move): void {
    for (const unit of units) this.#kept[kind][layer].add(unit);
    this.#parameters += cost;
  }

  remove({ kind, layer, units, cost }: Move): void {
    for (const unit of units) this.#kept[kind][layer].delete(unit);
    this.#parameters -= cost;
  }

  /** Predicted change of the loss by toggling a unit now; taking back a move takes back its effect. */
  #change(kind: UnitKind, layer: number, unit: number): number {
    const { first, second } = this.effects[kind][layer];
    const moved = this.#before[kind][layer].has(unit) !== this.#kept[kind][layer].has(unit);
    return (moved ? -1 : 1) * (first[unit] + second[unit]);
  }

  #chunks(kind: UnitKind, layer: number, order: readonly number[], size: number): Move[] {
    const cost = size * this.#costs[kind][layer];
    const moves: Move[] = [];
    for (let at = 0; at + size <= order.length; at += size) {
      const units = order.slice(at, at + size);
      const change = units.reduce((sum, unit) => sum + this.#change(kind, layer, unit), 0);
      moves.push({ kind, layer, units, cost, density: change / cost });
    }
    return moves;
  }
}

function keptSets(plan: Plan): Record<UnitKind, Set<number>[]> {
  return {
    attention: plan.layers.map(({ kvGroups }) => new Set(kvGroups)),
    mlp: plan.layers.map(({ channels }) => new Set(channels)),
  };
}
