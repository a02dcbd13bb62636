import type { ParameterRange } from "@espalier/contracts";
import type { SearchPlan } from "@espalier/pipeline";

/** A parameter of a search space, as it is told. */
export function rangeOf(parameter: SearchPlan["space"][number]): ParameterRange {
  const { name, type } = parameter;
  if (parameter.type === "categorical") {
    return { name, type, low: null, high: null, step: null, log: false, choices: [...parameter.choices] };
  }
  const { low, high, step = null, log = false } = parameter;
  return { name, type, low, high, step, log, choices: null };
}
