import { holds } from "../space/condition.js";
import type { Parameter, ParameterValue, Params } from "../space/parameter.js";

/** A result of another search. */
export interface EarlierResult {
  readonly params: Params;
  readonly score: number;
}

/** A result of another search as a point of this one. */
export interface TransferredPoint extends EarlierResult {
  /** It is the same point: nothing was filled in, and nothing that it says is unknown or set otherwise here. */
  readonly exact: boolean;
}

/**
 * Points of another search that lie in this space, in the order given, each once: the parameters that both have are
 * taken over, the missing ones get their neutral value. A point with a value outside this space is left out, and so is one
 * that shares no parameter with it.
 */
export function transferPoints(
  space: readonly Parameter[],
  neutral: Params,
  earlier: readonly EarlierResult[],
): TransferredPoint[] {
  const seen = new Set<string>();
  const points: TransferredPoint[] = [];
  for (const { params, score } of earlier) {
    const shared = space.filter(({ name }) => params[name] !== undefined);
    if (shared.length === 0 || !shared.every((parameter) => liesIn(parameter, params[parameter.name]))) continue;
    const whole = Object.fromEntries(space.map(({ name }) => [name, params[name] ?? neutral[name]]));
    const present = space.filter(({ when }) => holds(when, whole)).map(({ name }) => name);
    const point = Object.fromEntries(present.map((name) => [name, whole[name]]));
    const key = JSON.stringify(point);
    if (seen.has(key)) continue;
    seen.add(key);
    const said = Object.keys(params).every((name) => (point[name] ?? neutral[name]) === params[name]);
    points.push({ params: point, score, exact: said && present.every((name) => params[name] !== undefined) });
  }
  return points;
}

function liesIn(parameter: Parameter, value: ParameterValue): boolean {
  if (parameter.type === "categorical") return parameter.choices.includes(value);
  if (typeof value !== "number") return false;
  const { type, low, high } = parameter;
  const step = parameter.step ?? (type === "int" ? 1 : null);
  const isOnGrid = step === null || Math.abs((value - low) / step - Math.round((value - low) / step)) < 1e-9;
  return value >= low && value <= high && isOnGrid;
}
