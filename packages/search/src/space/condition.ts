import type { Condition, Params } from "./parameter.js";

/** Whether a condition holds at a point: every parameter that it names has one of its values there. */
export function holds(condition: Condition | undefined, params: Params): boolean {
  if (condition === undefined) return true;
  return Object.entries(condition).every(([name, values]) => {
    const value = params[name];
    return value !== undefined && values.includes(value);
  });
}
