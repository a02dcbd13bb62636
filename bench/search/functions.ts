/** Test functions of sampler quality, all minimised and without noise; formulas as in the TPE reference numbers. */
import type { Parameter, Params } from "@espalier/search";

/** A function to be minimised over a space. */
export interface TestFunction {
  readonly parameters: readonly Parameter[];
  readonly value: (params: Params) => number;
}

const reals = (count: number, low: number, high: number, letter = "x"): Parameter[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${letter}${i + 1}`, type: "float", low, high }));

const read = (params: Params, letter: string, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Number(params[`${letter}${i + 1}`]));

function branin(params: Params): number {
  const [x1, x2] = read(params, "x", 2);
  const inner = x2 - (5.1 / (4 * Math.PI ** 2)) * x1 ** 2 + (5 / Math.PI) * x1 - 6;
  return inner ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x1) + 10;
}

const HARTMANN_ALPHA = [1, 1.2, 3, 3.2];
const HARTMANN_A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const HARTMANN_P = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
];

function hartmann6(params: Params): number {
  const x = read(params, "x", 6);
  const terms = HARTMANN_ALPHA.map((alpha, i) => {
    const squares = x.map((value, j) => HARTMANN_A[i][j] * (value - 1e-4 * HARTMANN_P[i][j]) ** 2);
    return alpha * Math.exp(-squares.reduce((sum, v) => sum + v, 0));
  });
  return -terms.reduce((sum, v) => sum + v, 0);
}

function rosenbrock5(params: Params): number {
  const x = read(params, "x", 5);
  return x.slice(0, -1).reduce((sum, v, i) => sum + 100 * (x[i + 1] - v ** 2) ** 2 + (1 - v) ** 2, 0);
}

const NORMS = ["none", "minmax", "zscore", "rank", "log"];
const AGGREGATES = ["mean", "median", "max", "power"];
const TABLE = [
  [0.6, 0.45, 0.7, 0.55],
  [0.35, 0.5, 0.25, 0.65],
  [0.4, 0.3, 0.0, 0.5],
  [0.55, 0.15, 0.45, 0.35],
  [0.7, 0.6, 0.4, 0.1],
];

const mixedParameters: readonly Parameter[] = [
  ...reals(8, 0, 1, "w"),
  ...reals(4, 1e-3, 10, "c").map((parameter): Parameter => ({ ...parameter, log: true }) as Parameter),
  { name: "norm", type: "categorical", choices: NORMS },
  { name: "agg", type: "categorical", choices: AGGREGATES },
  { name: "k", type: "int", low: 2, high: 64 },
];

function mixed15(params: Params): number {
  const i = NORMS.indexOf(String(params["norm"]));
  const a = AGGREGATES.indexOf(String(params["agg"]));
  const d = read(params, "w", 8).map((w, m) => w - (0.5 + 0.35 * Math.sin(0.9 * (m + 1) + 1.3 * a)));
  const e = read(params, "c", 4).map((c, j) => Math.log10(c) - (-1 + 0.6 * Math.cos(1.1 * (j + 1) + 0.8 * i)));
  const sum = (values: number[]): number => values.reduce((total, v) => total + v, 0);
  return (
    sum(d.map((v) => v ** 2)) +
    0.5 * sum(d.slice(0, -1).map((v, m) => v * d[m + 1])) +
    0.03 * sum(d.map((v) => 1 - Math.cos(6 * Math.PI * v))) +
    0.25 * sum(e.map((v) => v ** 2)) +
    0.1 * e[0] * e[1] +
    0.15 * (e[2] + 2 * d[7]) ** 2 +
    TABLE[i][a] +
    0.08 * (Math.log2(Number(params["k"])) - 3 - 0.5 * a) ** 2
  );
}

const conditionalParameters: readonly Parameter[] = [
  ...reals(4, 0, 1, "w"),
  { name: "norm", type: "categorical", choices: NORMS },
  { name: "agg", type: "categorical", choices: AGGREGATES },
  { name: "trim", type: "float", low: 0, high: 0.5, when: { agg: ["mean"] } },
  { name: "win", type: "int", low: 1, high: 128, log: true, when: { agg: ["median"] } },
  { name: "temp", type: "float", low: 1e-3, high: 10, log: true, when: { agg: ["max"] } },
  { name: "floor", type: "float", low: 0, high: 1, when: { agg: ["max"] } },
  { name: "pow", type: "float", low: 0.1, high: 10, log: true, when: { agg: ["power"] } },
  { name: "eps", type: "float", low: 0, high: 1, when: { agg: ["power"] } },
];

/** What the parameters of one aggregate add. */
const extras: readonly ((params: Params) => number)[] = [
  ({ trim }) => 5 * (Number(trim) - 0.2) ** 2,
  ({ win }) => 0.08 * (Math.log2(Number(win)) - 4) ** 2,
  ({ temp, floor }) => 0.25 * (Math.log10(Number(temp)) + 0.5) ** 2 + 0.5 * (Number(floor) - 0.3) ** 2,
  ({ pow, eps }) => {
    const [u, v] = [Math.log10(Number(pow)) - 0.3, Number(eps) - 0.7];
    return 0.25 * u ** 2 + 0.25 * v ** 2 + 0.2 * u * v;
  },
];

function cond(params: Params): number {
  const a = AGGREGATES.indexOf(String(params["agg"]));
  const d = read(params, "w", 4).map((w, m) => w - (0.5 + 0.35 * Math.sin(0.9 * (m + 1) + 1.3 * a)));
  const squares = d.reduce((sum, v) => sum + v ** 2, 0);
  const products = d.slice(0, -1).reduce((sum, v, m) => sum + v * d[m + 1], 0);
  return squares + 0.5 * products + TABLE[NORMS.indexOf(String(params["norm"]))][a] + extras[a](params);
}

/** The functions by name. */
export const functions: Readonly<Record<string, TestFunction>> = {
  branin: {
    parameters: [
      { name: "x1", type: "float", low: -5, high: 10 },
      { name: "x2", type: "float", low: 0, high: 15 },
    ],
    value: branin,
  },
  hartmann6: { parameters: reals(6, 0, 1), value: hartmann6 },
  rosenbrock5: { parameters: reals(5, -5, 10), value: rosenbrock5 },
  mixed15: { parameters: mixedParameters, value: mixed15 },
  cond: { parameters: conditionalParameters, value: cond },
};
