import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brainToFloat, floatToBrain, floatToHalf, halfToFloat, halfValues } from "../src/safetensors/half.js";

describe("binary16", () => {
  it("keeps every one of its 65,536 values through float32 and back", () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = halfToFloat(bits);
      if (Number.isNaN(value)) expect(halfToFloat(floatToHalf(value))).toBeNaN();
      else expect(floatToHalf(value)).toBe(bits);
    }
  });

  it("rounds to nearest, ties to even, also where values are subnormal", () => {
    expect(floatToHalf(1 + 2 ** -11)).toBe(0x3c00); // tie, down to even
    expect(floatToHalf(1 + 3 * 2 ** -11)).toBe(0x3c02); // tie, up to even
    expect(floatToHalf(1 + 2 ** -11 + 2 ** -20)).toBe(0x3c01);
    expect(floatToHalf(2 ** -25)).toBe(0x0000); // tie between 0 and the smallest
    expect(floatToHalf(3 * 2 ** -25)).toBe(0x0002);
    expect(floatToHalf(2 ** -14 - 2 ** -26)).toBe(0x0400); // rounds up into the normal range
  });

  it("turns what is too large into infinity, at half a step above 65,504", () => {
    expect(floatToHalf(65519.99)).toBe(0x7bff);
    expect(floatToHalf(65520)).toBe(0x7c00);
    expect(floatToHalf(-1e30)).toBe(0xfc00);
  });

  it("never lands farther from a value than a neighbour would", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -65504, max: 65504 }), (value) => {
        const bits = floatToHalf(value);
        const error = Math.abs(halfToFloat(bits) - value);
        for (const neighbour of [bits - 1, bits + 1]) {
          const other = halfToFloat(neighbour & 0xffff);
          if (Number.isFinite(other)) expect(error).toBeLessThanOrEqual(Math.abs(other - value));
        }
      }),
    );
  });

  it("has a table that equals the arithmetic", () => {
    const table = halfValues();
    for (const bits of [0, 1, 0x3ff, 0x400, 0x3c00, 0x7bff, 0x8001, 0xfbff])
      expect(table[bits]).toBe(halfToFloat(bits));
  });
});

describe("bfloat16", () => {
  it("keeps every one of its values through float32 and back", () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = brainToFloat(bits);
      if (Number.isNaN(value)) expect(brainToFloat(floatToBrain(value))).toBeNaN();
      else expect(floatToBrain(value)).toBe(bits);
    }
  });

  it("rounds to nearest, ties to even", () => {
    expect(floatToBrain(1 + 2 ** -8)).toBe(0x3f80);
    expect(floatToBrain(1 + 3 * 2 ** -8)).toBe(0x3f82);
    expect(floatToBrain(3.4028234663852886e38)).toBe(0x7f80);
  });
});
