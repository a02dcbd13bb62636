import type { Trial } from "../history/trial.js";
import type { Report } from "./message.js";

/** Most trial numbers that a message lists. */
const LISTED = 20;

/** The numbers of the trials that were asked and not told, for messages. */
function openNumbers(trials: readonly Trial[]): string {
  const open = trials.filter(({ state }) => state === "running").map(({ number }) => number);
  if (open.length === 0) return "no trial is open, ask for one first";
  const more = open.length > LISTED ? ` and ${open.length - LISTED} more` : "";
  return `open: ${open.slice(0, LISTED).join(", ")}${more}`;
}

/**
 * The trial that a report makes of the open trial of its number; trial n is `trials[n]`.
 * @throws RangeError for a trial that is not open, or a report that does not say what came of it.
 */
export function settle(trials: readonly Trial[], report: Report, objectives: number): Trial {
  const { number, values, intermediate, constraints } = report;
  const asked = trials[number];
  if (asked === undefined) throw new RangeError(`trial ${number} was never asked; ${openNumbers(trials)}`);
  if (asked.state !== "running") {
    throw new RangeError(`trial ${number} is told already (${asked.state}); ${openNumbers(trials)}`);
  }
  const state = outcome(report, objectives);
  if (constraints?.some(Number.isNaN)) {
    throw new RangeError(`trial ${number}: constraints ${constraints.join(", ")} hold a NaN; tell the trial as failed`);
  }
  return {
    number,
    params: asked.params,
    state,
    ...(state === "complete" && values !== undefined ? { values } : {}),
    ...(intermediate === undefined ? {} : { intermediate }),
    ...(constraints === undefined ? {} : { constraints }),
  };
}

/** State by what a report says; a result that is NaN is a failed trial. */
function outcome({ number, state = "complete", values }: Report, objectives: number): "complete" | "pruned" | "failed" {
  if (state !== "complete") {
    if (values === undefined) return state;
    const instead = state === "pruned" ? "it is judged by its last intermediate value" : "it has no result";
    throw new RangeError(`trial ${number} is ${state}: leave values out, ${instead}`);
  }
  if (values === undefined) {
    throw new RangeError(`trial ${number} has neither values nor a state of failed or pruned`);
  }
  if (values.length !== objectives) {
    throw new RangeError(`trial ${number} has ${values.length} values, must be ${objectives}: one per direction`);
  }
  return values.some(Number.isNaN) ? "failed" : "complete";
}
