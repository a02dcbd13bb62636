import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkFolder } from "../src/checks/check-folder.js";
import { checkFile, listFixtures } from "../src/checks/run.js";

const folder = mkdtempSync(join(tmpdir(), "espalier-checks-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, content: unknown): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, typeof content === "string" ? content : JSON.stringify(content));
  return full;
}

const range = { type: "float", low: 0, high: 1, log: false, step: null };
const density = {
  source: "optuna 4.9.0",
  case: "by hand",
  input: {
    space: [{ name: "x", ...range }],
    observations: { x: [] },
    prior_weight: 1,
    multivariate: false,
    points: { x: [2] },
  },
  expected: { weights: [1], components: { x: { mus: [0.5], sigmas: [1] } }, log_pdf: ["-Infinity"] },
};

describe("comparison with golden files", () => {
  it("passes what is right, with infinities as text", () => {
    expect(checkFile(write("parzen/right.json", density))).toEqual({ kind: "passed" });
    expect(
      checkFile(write("gamma/hyperopt.json", { input: { n: [0, 1, 17] }, expected: { n_below: [0, 1, 2] } })),
    ).toEqual({ kind: "passed" });
  });

  it("knows the kind by its content in a folder of any name", () => {
    expect(checkFile(write("mine/right.json", density))).toEqual({ kind: "passed" });
  });

  it("names the first value that differs, with what was expected and found", () => {
    const wrong = { ...density, expected: { ...density.expected, components: { x: { mus: [0.5], sigmas: [1.1] } } } };
    const outcome = checkFile(write("parzen/wrong.json", wrong));
    expect(outcome).toEqual({ kind: "failed", reason: "components.x.sigmas[0]: expected 1.1, found 1" });
  });

  it("notices missing entries and every kind of wrong answer", () => {
    const trials = [
      { number: 0, state: "COMPLETE", values: [2] },
      { number: 1, state: "COMPLETE", values: [1] },
    ];
    const split = {
      input: { directions: ["minimize"], trials },
      expected: { n_finished: 2, n_below: 1, below: [0], above: [1] },
    };
    expect(checkFile(write("split/wrong.json", split))).toMatchObject({ kind: "failed" });
    expect(
      checkFile(write("weights/short.json", { input: { n: [3] }, expected: { weights: [[1, 1]] } })),
    ).toMatchObject({ kind: "failed" });
    const groups = {
      input: { trials: [["a", "b"], ["a"]] },
      expected: { groups_after_each_trial: [[["a", "b"]], [["a", "b"]]] },
    };
    expect(checkFile(write("groups/wrong.json", groups))).toMatchObject({ kind: "failed" });
    expect(checkFile(write("gamma/wrong.json", { input: { n: [1] }, expected: { n_below: [2] } }))).toMatchObject({
      kind: "failed",
    });
  });

  it("fails broken files and unknown kinds, ignores sampler quality and foreign JSON", () => {
    expect(checkFile(write("split/broken.json", "{"))).toMatchObject({ kind: "failed" });
    expect(checkFile(write("split/half.json", { input: {} }))).toMatchObject({ kind: "failed" });
    expect(checkFile(write("other/unknown.json", { input: {}, expected: {} }))).toMatchObject({ kind: "failed" });
    expect(checkFile(write("results/f.json", { expected: { tpe: {} } }))).toMatchObject({ kind: "ignored" });
    expect(checkFile(write("notes.json", { anything: 1 }))).toMatchObject({ kind: "ignored" });
  });

  it("lists all JSON files under a folder", () => {
    write("deep/er/file.json", {});
    expect(listFixtures(folder)).toContain(join("deep", "er", "file.json"));
    expect(() => listFixtures(join(folder, "missing"))).toThrow(/ENOENT/);
  });

  it("prints a line per failing file and the counts, and exits by the outcome", () => {
    const run = (path: string | undefined): { code: number; out: string[]; err: string[] } => {
      const out: string[] = [];
      const err: string[] = [];
      const code = checkFolder(path, { print: (line) => out.push(line), complain: (line) => err.push(line) });
      return { code, out, err };
    };
    write("run/gamma/a.json", { input: { n: [10] }, expected: { n_below: [1] } });
    write("run/results/f.json", { expected: { tpe: {} } });
    expect(run(join(folder, "run"))).toEqual({ code: 0, out: ["1 passed, 0 failed"], err: [] });
    write("run/gamma/b.json", { input: { n: [10] }, expected: { n_below: [2] } });
    const failed = run(join(folder, "run"));
    expect(failed).toMatchObject({ code: 1, err: [] });
    expect(failed.out).toEqual([`${join("gamma", "b.json")}: n_below[0]: expected 2, found 1`, "1 passed, 1 failed"]);
    expect(run(join(folder, "run", "results"))).toMatchObject({
      code: 2,
      out: [],
      err: [expect.stringMatching(/no fixture/)],
    });
    expect(run(join(folder, "missing"))).toMatchObject({ code: 2, err: [expect.stringMatching(/cannot read/)] });
    expect(run(undefined)).toMatchObject({ code: 2, err: [expect.stringMatching(/usage/)] });
  });
});
