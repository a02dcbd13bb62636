import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineSpace, isSingle, type Parameter, toDimension } from "../src/index.js";
import { decodeValue, encodeValue, snap } from "../src/space/encoding.js";

describe("a space", () => {
  it("lowers high to the last value that whole steps reach, in decimal arithmetic", () => {
    const high = (low: number, top: number, step: number): number => {
      const dimension = toDimension({ name: "x", type: "float", low, high: top, step });
      return dimension.kind === "numeric" ? dimension.high : Number.NaN;
    };
    expect(high(0, 1, 0.3)).toBe(0.9);
    expect(high(0, 1, 0.1)).toBe(1);
    expect(high(-1, 1.05, 0.25)).toBe(1);
    expect(high(0, 1e-7, 3e-8)).toBe(9e-8);
    expect(high(1e21, 3e21, 1.5e21)).toBe(2.5e21);
    expect(high(0, 1, 2.5)).toBe(0);
  });

  it("knows parameters with one value", () => {
    expect(isSingle(toDimension({ name: "x", type: "int", low: 0, high: 3, step: 7 }))).toBe(true);
    expect(isSingle(toDimension({ name: "x", type: "categorical", choices: [null] }))).toBe(true);
    expect(isSingle(toDimension({ name: "x", type: "float", low: 0, high: 1 }))).toBe(false);
  });

  it.each<[string, Parameter, RegExp]>([
    ["an empty range", { name: "x", type: "float", low: 2, high: 1 }, /'x'.*low 2 is above high 1/],
    ["an infinite range", { name: "x", type: "float", low: 0, high: Infinity }, /finite/],
    ["a log range from zero", { name: "x", type: "float", low: 0, high: 1, log: true }, /must be positive/],
    [
      "a stepped log range",
      { name: "x", type: "float", low: 1, high: 2, log: true, step: 0.5 },
      /cannot have step 0.5/,
    ],
    ["a broken int", { name: "x", type: "int", low: 0.5, high: 2 }, /whole numbers/],
    ["a step of zero", { name: "x", type: "int", low: 0, high: 2, step: 0 }, /step 0/],
    ["no choice", { name: "x", type: "categorical", choices: [] }, /empty/],
    ["a repeated choice", { name: "x", type: "categorical", choices: [1, 1] }, /repeat/],
    ["no name", { name: "", type: "int", low: 0, high: 1 }, /name/],
  ])("refuses %s", (_, parameter, message) => {
    expect(() => defineSpace([parameter])).toThrow(message);
  });

  it("refuses a name that occurs twice", () => {
    const parameter: Parameter = { name: "x", type: "int", low: 0, high: 1 };
    expect(() => defineSpace([parameter, parameter])).toThrow("parameter 'x' is defined twice");
  });

  it("encodes choices as indexes and lacks what is not in the dimension", () => {
    const dimension = toDimension({ name: "x", type: "categorical", choices: ["1", 1, true, null] });
    expect(["1", 1, true, null, "true", undefined].map((v) => encodeValue(dimension, v))).toEqual([
      0,
      1,
      2,
      3,
      Number.NaN,
      Number.NaN,
    ]);
    expect([0, 1, 2, 3].map((i) => decodeValue(dimension, i))).toEqual(["1", 1, true, null]);
    const whole = toDimension({ name: "x", type: "int", low: 0, high: 9 });
    expect([-1, 10, "3"].map((v) => encodeValue(whole, v))).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it("snaps halves to even steps and stays inside", () => {
    const dimension = toDimension({ name: "x", type: "int", low: 1, high: 9 });
    if (dimension.kind !== "numeric") throw new Error("an int is numeric");
    expect([0.2, 1.5, 2.5, 3.5, 9.7].map((x) => snap(dimension, x))).toEqual([1, 1, 3, 3, 9]);
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -50, max: 50 }),
        (x) => Math.abs(snap(dimension, x) - Math.min(Math.max(x, 1), 9)) <= 0.5,
      ),
    );
  });
});
