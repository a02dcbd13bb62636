import type { Trial } from "../history/trial.js";
import { gammaRules } from "../samplers/tpe/gamma.js";
import { finishedCount, splitTrials } from "../samplers/tpe/split.js";
import { compareNumber, compareNumbers, type Difference, exact, firstOf } from "./compare.js";
import type { Fixture } from "./fixture.js";
import { readHistory } from "./fixture-history.js";
import { fixtureOptions } from "./fixture-options.js";

const numbers = (trials: readonly Trial[]): number[] => trials.map(({ number }) => number);

/** Counts and numbers of the good and bad trials. */
export function checkSplit(fixture: Fixture): Difference | null {
  const { input, expected } = fixture;
  const options = fixtureOptions(fixture);
  const history = readHistory(input, []);
  const finished = finishedCount(history.trials);
  const goodCount = gammaRules[options.gamma](finished);
  const { below, above } = splitTrials(history, goodCount, options);
  return firstOf([
    () => compareNumber("n_finished", expected["n_finished"], finished, exact),
    () => compareNumber("n_below", expected["n_below"], goodCount, exact),
    () => compareNumbers("below", expected["below"], numbers(below), exact),
    () => compareNumbers("above", expected["above"], numbers(above), exact),
  ]);
}
