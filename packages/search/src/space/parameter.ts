/** A value a categorical parameter may take, compared by identity (`Object.is`, with 0 and -0 the same). */
export type CategoricalChoice = string | number | boolean | null;

/**
 * When a parameter exists: each named categorical parameter has one of the values listed for it. Only unconditional
 * parameters may be named, so conditions do not nest. A point where it does not hold lacks the parameter.
 */
export type Condition = Readonly<Record<string, readonly CategoricalChoice[]>>;

/** Real parameter on [low, high]; `step` null or absent means continuous; log and step exclude each other. */
export interface FloatParameter {
  readonly name: string;
  readonly type: "float";
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
  readonly step?: number | null;
  readonly when?: Condition;
}

/** Whole-number parameter on [low, high] in multiples of `step` (default 1) counted from `low`. */
export interface IntParameter {
  readonly name: string;
  readonly type: "int";
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
  readonly step?: number | null;
  readonly when?: Condition;
}

/** Parameter that takes one of the distinct `choices`, without order. */
export interface CategoricalParameter {
  readonly name: string;
  readonly type: "categorical";
  readonly choices: readonly CategoricalChoice[];
  readonly when?: Condition;
}

/** One axis of a search space, as users write it. */
export type Parameter = FloatParameter | IntParameter | CategoricalParameter;

/** Value of a parameter in the user's units (a categorical parameter's value is the choice itself). */
export type ParameterValue = CategoricalChoice;

/** Parameter values by name; the order of the keys has no meaning. */
export type Params = Readonly<Record<string, ParameterValue>>;
