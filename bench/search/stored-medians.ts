import type { functions } from "./functions.js";

/** Of the best value over seeds, linear-interpolated. */
export interface Quartiles {
  readonly q25: number;
  readonly median: number;
  readonly q75: number;
}

/** By sampler, one entry per mark: 25, 50, 100, 200 trials. */
export type Stored = { readonly optuna5: readonly Quartiles[]; readonly gp?: readonly Quartiles[] };

const row = (...figures: readonly (readonly [number, number, number])[]): readonly Quartiles[] =>
  figures.map(([q25, median, q75]) => ({ q25, median, q75 }));

/**
 * What other samplers reach on the test functions, from the TPE reference numbers (fixtures/tpe/results, case "best value so
 * far"): first quartile, median and third quartile of the best value after 25, 50, 100 and 200 trials, the first ten random.
 * `optuna5`: `tpe_v5_default`, Optuna 5.0.0.dev of commit 1d8ce7bb6f3c7274a7a31a0a007991995085baa7 with its defaults, seeds 0-19.
 * `gp`: Optuna 4.9's Gaussian process sampler, seeds 0-9, 100 trials, where it was run.
 */
export const storedQuartiles: Readonly<Record<keyof typeof functions, Stored>> = {
  branin: {
    optuna5: row(
      [0.487793, 0.771784, 1.56007],
      [0.422253, 0.507379, 0.586531],
      [0.405503, 0.41673, 0.427995],
      [0.399705, 0.400938, 0.403087],
    ),
  },
  hartmann6: {
    optuna5: row(
      [-2.67127, -2.40359, -1.8072],
      [-3.07922, -2.99205, -2.82753],
      [-3.24573, -3.22804, -3.14618],
      [-3.30218, -3.29164, -3.28138],
    ),
  },
  rosenbrock5: {
    optuna5: row(
      [1441.93, 2630.74, 3420.16],
      [233.358, 466.328, 944.785],
      [57.5182, 89.9336, 187.006],
      [13.2721, 23.8317, 42.6524],
    ),
  },
  mixed15: {
    optuna5: row(
      [1.40024, 1.60058, 1.72698],
      [1.00934, 1.2555, 1.43192],
      [0.671568, 0.869479, 1.01372],
      [0.509853, 0.626156, 0.812141],
    ),
    gp: row([1.48476, 1.62413, 2.01497], [0.71565, 0.947297, 1.07359], [0.278486, 0.478162, 0.607945]),
  },
  cond: {
    optuna5: row(
      [0.172283, 0.233374, 0.467675],
      [0.104067, 0.151669, 0.209313],
      [0.0246359, 0.113057, 0.156173],
      [0.0104126, 0.102811, 0.152616],
    ),
  },
};
