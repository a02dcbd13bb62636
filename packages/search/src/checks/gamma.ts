import { gammaRules } from "../samplers/tpe/gamma.js";
import { compareNumbers, type Difference, exact } from "./compare.js";
import { asNumbers, type Fixture } from "./fixture.js";
import { gammaOf } from "./fixture-options.js";

/** Counts of good trials. The file's text or name says which rule it is about. */
export function checkGamma({ input, expected, text }: Fixture): Difference | null {
  const rule = gammaRules[gammaOf(typeof input["gamma"] === "string" ? input["gamma"] : text)];
  return compareNumbers("n_below", expected["n_below"], asNumbers(input["n"], "n").map(rule), exact);
}
