import { AppError, type ParameterOverride, parameterOverride } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import {
  baselinePoint,
  completePoint,
  informedStarts,
  type PruningSpace,
  pruningSpace,
  settingsFromParameters,
} from "../src/space/index.js";
import { spaceContext as context } from "./space-context.js";

const spaceWith = (overrides: Record<string, ParameterOverride>): PruningSpace =>
  pruningSpace("espalier", context, overrides);
const named = ({ parameters }: PruningSpace, name: string) => parameters.find((parameter) => parameter.name === name);
const refitted = { compensation: ["least_squares"] };

describe("a conditional parameter", () => {
  const lambda = { low: 1e-5, high: 1, log: true, when: refitted };
  const space = spaceWith({ lambda, obs_share: { low: 0.5, high: 1, when: refitted } });

  it("is written beside a range, beside choices, or alone", () => {
    for (const body of [lambda, { choices: [0.1], when: refitted }, { when: refitted }]) {
      expect(parameterOverride.parse(body)).toEqual(body);
    }
    for (const body of [{ when: {} }, { when: { compensation: [] } }, { low: 1, when: refitted }]) {
      expect(parameterOverride.safeParse(body).success).toBe(false);
    }
    expect(named(spaceWith({ "depth.tilt": { when: { allocation: ["global"] } } }), "depth.tilt")).toEqual({
      name: "depth.tilt",
      type: "float",
      low: -1,
      high: 1,
      when: { allocation: ["global"] },
    });
  });

  it("is searched with its condition", () => {
    expect(named(space, "lambda")).toEqual({ name: "lambda", type: "float", ...lambda });
  });

  it("is absent from points where the condition does not hold", () => {
    const plain = baselinePoint("wanda_sp", space, { compensation: "none" });
    expect(plain).not.toHaveProperty("lambda");
    expect(plain).not.toHaveProperty("obs_share");
    expect(baselinePoint("wanda_sp", space)).toMatchObject({ lambda: 1e-3, obs_share: 0.5 });
    for (const start of informedStarts(space, "wanda_sp", { compensation: "none" })) {
      expect(start).not.toHaveProperty("lambda");
    }
  });

  it("has the preset's neutral value there, whatever is given, not the nearest of its range", () => {
    const settings = (compensation: string) =>
      settingsFromParameters(space, { compensation, obs_share: 0.7, lambda: 0.5 });
    expect(settings("least_squares")).toMatchObject({ obsShare: 0.7, lambda: 0.5 });
    expect(settings("none")).toMatchObject({ obsShare: 0, lambda: 1e-3 });
    expect(completePoint(space, { compensation: "none" })).toMatchObject({ obs_share: 0 });
  });

  it("is settled at once where the other one is fixed, or can have no other value", () => {
    const when = (overrides: Record<string, ParameterOverride>) =>
      spaceWith({ obs_share: { low: 0.5, high: 1, when: { compensation: ["least_squares", "bias"] } }, ...overrides });
    expect(named(when({ compensation: "least_squares" }), "obs_share")).not.toHaveProperty("when");
    expect(named(when({ compensation: { choices: ["bias", "least_squares"] } }), "obs_share")).not.toHaveProperty(
      "when",
    );
    const never = when({ compensation: "none" });
    expect(named(never, "obs_share")).toBeUndefined();
    expect(settingsFromParameters(never, {}).obsShare).toBe(0);
  });

  it("may wait for several others together", () => {
    const both = spaceWith({ power: { when: { allocation: ["uniform"], metric: ["wanda_sp", "taylor_second"] } } });
    const power = (params: Record<string, string>) => settingsFromParameters(both, { power: 2, ...params }).power;
    expect(power({ allocation: "uniform", metric: "wanda_sp" })).toBe(2);
    expect(power({ allocation: "uniform", metric: "magnitude_l2" })).toBe(1);
    expect(power({ allocation: "global", metric: "wanda_sp" })).toBe(1);
  });

  it.each<[string, Record<string, ParameterOverride>, string]>([
    ["unknown names", { power: { when: { compnsation: ["none"] } } }, "names the unknown 'compnsation'"],
    ["numbers", { power: { when: { obs_share: [1] } } }, "which is a number"],
    ["impossible values", { power: { when: { compensation: ["lasso"] } } }, "waits for 'compensation' to be \"lasso\""],
    ["itself", { norm: { choices: ["mean", "rank"], when: { norm: ["rank"] } } }, "conditions do not nest"],
    [
      "conditional parameters",
      { norm: { choices: ["mean", "rank"], when: refitted }, power: { when: { norm: ["rank"] } } },
      "conditions do not nest",
    ],
  ])("refuses a condition on %s", (_, overrides, message) => {
    const place = "power" in overrides ? "power" : "norm";
    try {
      spaceWith(overrides);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      expect(error.errors).toEqual([{ pointer: `/search/space/${place}`, detail: expect.stringContaining(message) }]);
    }
  });
});

describe("a grid of numbers", () => {
  it("may become a range, spaced by factors unless the job says otherwise", () => {
    const lambda = (override: ParameterOverride) => named(spaceWith({ lambda: override }), "lambda");
    expect(lambda({ low: 1e-5, high: 1 })).toEqual({ name: "lambda", type: "float", low: 1e-5, high: 1, log: true });
    expect(lambda({ low: 0.1, high: 1, log: false })).toEqual({ name: "lambda", type: "float", low: 0.1, high: 1 });
    expect(() => lambda({ low: 1e-9, high: 1 })).toThrow("1e-9 is not between 1e-8 and 10");
  });
});
