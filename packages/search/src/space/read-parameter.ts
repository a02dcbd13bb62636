import type { CategoricalChoice, Condition, Parameter } from "./parameter.js";

const NUMERIC_FIELDS: readonly string[] = ["name", "type", "low", "high", "log", "step", "when"];
const CATEGORICAL_FIELDS: readonly string[] = ["name", "type", "choices", "when"];
const TYPES: readonly unknown[] = ["float", "int", "categorical"];

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isChoice = (value: unknown): value is CategoricalChoice =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

const show = (value: unknown): string => (value === undefined ? "missing" : JSON.stringify(value));

/**
 * Reads a parameter of unknown origin: `{name, type: "float" | "int", low, high, log?, step?}` or
 * `{name, type: "categorical", choices}`, both with `when?`, values by name of a categorical parameter. Ranges and
 * conditions are not looked at, `defineSpace` refuses impossible ones.
 * @param extra whether fields that a parameter does not have are an error.
 * @throws RangeError naming the parameter, the field and what it should be.
 */
export function readParameter(value: unknown, extra: "refuse" | "ignore"): Parameter {
  if (!isFields(value)) throw new RangeError(`a parameter is ${show(value)}, must be an object with name and type`);
  const { name, type } = value;
  if (typeof name !== "string" || name === "") {
    throw new RangeError(`a parameter's name is ${show(name)}, must be text of at least one character`);
  }
  if (!TYPES.includes(type)) refuse(name, "type", type, `one of ${TYPES.join(", ")}`);
  const fields = type === "categorical" ? CATEGORICAL_FIELDS : NUMERIC_FIELDS;
  const unknown = Object.keys(value).find((field) => !fields.includes(field));
  if (extra === "refuse" && unknown !== undefined) {
    throw new RangeError(`parameter '${name}': a ${String(type)} has no field '${unknown}', only ${fields.join(", ")}`);
  }
  const condition = value["when"] == null ? {} : { when: readCondition(name, value["when"]) };
  if (type === "categorical")
    return { name, type, choices: readChoices(name, "choices", value["choices"]), ...condition };
  const log = value["log"] ?? false;
  const step = value["step"] ?? null;
  if (typeof log !== "boolean") return refuse(name, "log", log, "true or false");
  if (step !== null && typeof step !== "number") return refuse(name, "step", step, "a number or null");
  const bound = (field: string): number => {
    const given = value[field];
    return typeof given === "number" ? given : refuse(name, field, given, "a number");
  };
  return {
    name,
    type: type === "int" ? type : "float",
    low: bound("low"),
    high: bound("high"),
    log,
    step,
    ...condition,
  };
}

function refuse(name: string, field: string, found: unknown, wanted: string): never {
  throw new RangeError(`parameter '${name}': ${field} is ${show(found)}, must be ${wanted}`);
}

function readChoices(name: string, field: string, value: unknown): readonly CategoricalChoice[] {
  if (!Array.isArray(value)) return refuse(name, field, value, "a list");
  return value.map((choice: unknown, i) =>
    isChoice(choice) ? choice : refuse(name, `${field}[${i}]`, choice, "text, a number, true, false or null"),
  );
}

function readCondition(name: string, value: unknown): Condition {
  if (!isFields(value)) return refuse(name, "when", value, "an object of lists of values");
  return Object.fromEntries(
    Object.entries(value).map(([parent, values]) => [parent, readChoices(name, `when.${parent}`, values)]),
  );
}
