import { lastMultiple } from "./decimal.js";
import type { CategoricalChoice, Condition, Parameter } from "./parameter.js";

/** A checked numeric parameter; `high` is reachable from `low` in whole steps. `step` null = continuous. */
export interface NumericDimension {
  readonly kind: "numeric";
  readonly name: string;
  readonly integer: boolean;
  readonly low: number;
  readonly high: number;
  readonly step: number | null;
  readonly log: boolean;
  /** Absent where it always exists; given by `defineSpace`. */
  readonly when?: Condition;
}

/** A checked categorical parameter; inside the samplers its values are indexes into `choices`. */
export interface CategoricalDimension {
  readonly kind: "categorical";
  readonly name: string;
  readonly choices: readonly CategoricalChoice[];
  readonly when?: Condition;
}

/** A checked, normalised parameter, the form that samplers work on. */
export type Dimension = NumericDimension | CategoricalDimension;

/** True where the dimension has one possible value: the samplers return it and never estimate a density for it. */
export function isSingle(dimension: Dimension): boolean {
  return dimension.kind === "categorical" ? dimension.choices.length === 1 : dimension.low === dimension.high;
}

/**
 * Checks one parameter and brings it to its normal form: an int gets a step, a step that does not divide the range
 * lowers `high` to the last reachable value.
 * @throws RangeError when the parameter describes no value, or a log range that is not positive.
 */
export function toDimension(parameter: Parameter): Dimension {
  if (typeof parameter.name !== "string" || parameter.name === "") {
    throw new RangeError("a parameter needs a name of at least one character");
  }
  // Params are plain objects: a value under this key would be lost.
  if (parameter.name === "__proto__") throw new RangeError("a parameter cannot have the name '__proto__'");
  return parameter.type === "categorical" ? categorical(parameter) : numeric(parameter);
}

function categorical(parameter: Extract<Parameter, { type: "categorical" }>): CategoricalDimension {
  const { name, choices } = parameter;
  if (choices.length === 0) throw new RangeError(`parameter '${name}': choices is empty, give at least one`);
  if (new Set(choices).size !== choices.length) {
    throw new RangeError(`parameter '${name}': choices ${JSON.stringify(choices)} repeat a value`);
  }
  return { kind: "categorical", name, choices: [...choices] };
}

function numeric(parameter: Exclude<Parameter, { type: "categorical" }>): NumericDimension {
  const { name, type, low, high } = parameter;
  const log = parameter.log ?? false;
  const step = parameter.step ?? (type === "int" ? 1 : null);
  const refuse = (reason: string): never => {
    throw new RangeError(`parameter '${name}': ${reason}`);
  };
  if (type !== "float" && type !== "int") refuse(`type '${String(type)}' is none of float, int, categorical`);
  if (!Number.isFinite(low) || !Number.isFinite(high)) refuse(`low ${low} and high ${high} must be finite`);
  if (low > high) refuse(`low ${low} is above high ${high}`);
  if (step !== null && !(step > 0 && Number.isFinite(step))) refuse(`step ${step} must be finite and positive`);
  if (type === "int" && !(Number.isSafeInteger(low) && Number.isSafeInteger(high) && Number.isSafeInteger(step))) {
    refuse(`low ${low}, high ${high} and step ${step} of an int must be whole numbers`);
  }
  if (log && low <= (type === "int" ? 0.5 : 0)) refuse(`low ${low} of a log parameter must be positive`);
  if (log && step !== null && !(type === "int" && step === 1)) {
    refuse(`a log ${type} cannot have step ${step}, leave it out`);
  }
  const last = step === null ? high : lastMultiple(low, high, step);
  return { kind: "numeric", name, integer: type === "int", low, high: last, step, log };
}
