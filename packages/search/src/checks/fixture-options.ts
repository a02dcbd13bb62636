import type { GammaName } from "../samplers/tpe/gamma.js";
import { type TpeOptions, tpeOptions } from "../samplers/tpe/options.js";
import type { Fixture } from "./fixture.js";

/** The gamma rule that a text names. */
export function gammaOf(text: string): GammaName {
  if (/hyperopt/i.test(text)) return "hyperopt";
  return /multi-?_?\s?objective/i.test(text) ? "uncapped" : "default";
}

/** Sampler settings under which a fixture was made: its input over the defaults of its Optuna generation. */
export function fixtureOptions({ input, v5 }: Fixture): TpeOptions {
  const flag = (name: string, otherwise: boolean): boolean =>
    typeof input[name] === "boolean" ? input[name] === true : otherwise;
  const preset = v5 ? "optuna5" : "optuna49";
  const multivariate = flag("multivariate", v5);
  const gamma = gammaOf(String(input["gamma"] ?? "default"));
  return tpeOptions(
    {
      multivariate,
      bandwidth: multivariate && !v5 ? "scott" : "neighbour",
      endpoints: flag("endpoints", false),
      magicClip: flag("magic_clip", true),
      priorWeight: typeof input["prior_weight"] === "number" ? input["prior_weight"] : 1,
      constantLiar: flag("constant_liar", false),
      constraints: v5 || flag("constraints_enabled", false),
      gamma,
      gammaSeveral: gamma,
    },
    preset,
  );
}
