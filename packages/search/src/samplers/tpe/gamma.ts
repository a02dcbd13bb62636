/** Most trials that count as good under Optuna's rules: late searches keep exploring (Optuna `default_gamma`). */
const GOOD_TRIALS_CAP = 25;
/** Share of good trials in Optuna's default and multi-objective rules. */
const DEFAULT_SHARE = 0.1;
/** Share recommended by Watanabe, arXiv 2304.11127, section 5. */
const WIDE_SHARE = 0.15;
/** Factor of the square root in Hyperopt's rule (Bergstra et al., 2013). */
const HYPEROPT_FACTOR = 0.25;

/** Number of good trials by the number of finished ones; the products are IEEE doubles, as in the reference. */
export const gammaRules = {
  default: (n: number): number => Math.min(Math.ceil(DEFAULT_SHARE * n), GOOD_TRIALS_CAP),
  hyperopt: (n: number): number => Math.min(Math.ceil(HYPEROPT_FACTOR * Math.sqrt(n)), GOOD_TRIALS_CAP),
  uncapped: (n: number): number => Math.ceil(DEFAULT_SHARE * n),
  wide: (n: number): number => Math.min(Math.ceil(WIDE_SHARE * n), GOOD_TRIALS_CAP),
} as const satisfies Record<string, (finished: number) => number>;

/** Name of a rule for how many finished trials count as good. */
export type GammaName = keyof typeof gammaRules;
