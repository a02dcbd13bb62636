import { describe, expect, it } from "vitest";
import { type Parameter, transferPoints } from "../src/index.js";

const space: readonly Parameter[] = [
  { name: "width.0", type: "float", low: -0.4, high: 0.4 },
  { name: "width.1", type: "float", low: -0.4, high: 0.4 },
  { name: "metric", type: "categorical", choices: ["obs", "taylor"] },
  { name: "blocks", type: "int", low: 0, high: 6, step: 2 },
  { name: "share", type: "float", low: 0, high: 1, when: { metric: ["taylor"] } },
];
const neutral = { "width.0": 0, "width.1": 0, metric: "obs", blocks: 0, share: 0, power: 1 };
const whole = { "width.0": 0.1, "width.1": -0.2, metric: "obs", blocks: 4 };
const transfer = (...params: Record<string, number | string>[]) =>
  transferPoints(
    space,
    neutral,
    params.map((point, score) => ({ params: point, score })),
  );

describe("points of another search", () => {
  it("are the same points where both know the same parameters", () => {
    expect(transfer(whole)).toEqual([{ params: whole, score: 0, exact: true }]);
    expect(transfer({ ...whole, metric: "taylor", share: 0.5 })).toMatchObject([{ exact: true }]);
  });

  it("take neutral values for what they do not say, and leave what is unknown here", () => {
    const shallow = { "width.0": 0.1, metric: "taylor" };
    const params = { "width.0": 0.1, "width.1": 0, metric: "taylor", blocks: 0, share: 0 };
    expect(transfer(shallow)).toEqual([{ params, score: 0, exact: false }]);
    expect(transfer({ ...whole, "width.2": 0.3 })).toEqual([{ params: whole, score: 0, exact: false }]);
  });

  it("are the same where what is not searched here has its neutral value there, and only then", () => {
    expect(transfer({ ...whole, power: 1 })).toMatchObject([{ params: whole, exact: true }]);
    expect(transfer({ ...whole, power: 2 })).toMatchObject([{ params: whole, exact: false }]);
  });

  it("lack what is conditional where its condition does not hold", () => {
    expect(transfer({ ...whole, share: 0.5 })).toEqual([{ params: whole, score: 0, exact: false }]);
  });

  it("are left out with a value outside this space, and with nothing in common", () => {
    const outside = [{ "width.0": 0.5 }, { metric: "random" }, { blocks: 3 }, { blocks: "four" }, { other: 1 }];
    for (const changed of outside.slice(0, 4)) expect(transfer({ ...whole, ...changed })).toEqual([]);
    expect(transfer(outside[4] ?? {})).toEqual([]);
  });

  it("come in their order, each once", () => {
    const other = { ...whole, blocks: 2 };
    expect(transfer(whole, other, whole).map(({ score }) => score)).toEqual([0, 1]);
  });
});
