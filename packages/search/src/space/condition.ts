import type { Dimension } from "./dimension.js";
import { isSingle } from "./dimension.js";
import type { CategoricalChoice, Condition, Parameter, Params } from "./parameter.js";

/** Whether a condition holds at a point: every parameter that it names has one of its values there. */
export function holds(condition: Condition | undefined, params: Params): boolean {
  if (condition === undefined) return true;
  return Object.entries(condition).every(([name, values]) => {
    const value = params[name];
    return value !== undefined && values.includes(value);
  });
}

/**
 * Dimensions with the conditions of their parameters. Names with one possible value are settled: the dimension loses that
 * part of its condition.
 * @throws RangeError for a condition on a parameter that is unknown, a number or conditional itself, or on a value that
 * it cannot have.
 */
export function conditionalDimensions(
  parameters: readonly Parameter[],
  dimensions: readonly Dimension[],
): readonly Dimension[] {
  const named = new Map(parameters.map((parameter, i) => [parameter.name, { parameter, dimension: dimensions[i] }]));
  return parameters.map(({ name, when }, i) => {
    if (when === undefined) return dimensions[i];
    const open: Record<string, readonly CategoricalChoice[]> = {};
    for (const [parent, values] of Object.entries(when)) {
      const dimension = choiceNamed(name, parent, named.get(parent));
      const unknown = values.find((value) => !dimension.choices.includes(value));
      if (values.length === 0 || unknown !== undefined) {
        throw new RangeError(
          `parameter '${name}': when.${parent} is ${JSON.stringify(values)}, must be some of ${JSON.stringify(dimension.choices)}`,
        );
      }
      // Every value is a choice, so a parameter of one choice always has it.
      if (!isSingle(dimension)) open[parent] = values;
    }
    return Object.keys(open).length === 0 ? dimensions[i] : { ...dimensions[i], when: open };
  });
}

function choiceNamed(
  name: string,
  parent: string,
  found: { readonly parameter: Parameter; readonly dimension: Dimension } | undefined,
): Extract<Dimension, { kind: "categorical" }> {
  const refuse = (reason: string): never => {
    throw new RangeError(`parameter '${name}': when names '${parent}', ${reason}`);
  };
  if (found === undefined) return refuse("which is not in the space");
  if (found.parameter.when !== undefined) return refuse("which is conditional itself: conditions do not nest");
  return found.dimension.kind === "categorical" ? found.dimension : refuse("which is a number and has no choices");
}
