import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkLlama } from "../src/checks/check-llama.js";
import { describeComparison } from "../src/checks/comparison.js";
import { FixtureError } from "../src/checks/fixture.js";

const shared = fileURLToPath(new URL("../../../../shared/", import.meta.url));
const shipped = fileURLToPath(new URL("../../../examples/models/stories260K/", import.meta.url));
const models = ["stories260K", "aidreams260K", "stories3M"];

// The golden numbers lie beside the repository; a clone without them has the rest of this suite.
describe.skipIf(!existsSync(join(shared, "fixtures/llama")))("golden numbers (../shared/fixtures/llama)", () => {
  it.each(models)("%s: losses, gates, pruned losses and all scores", async (model) => {
    const path = join(shared, "fixtures/llama", `${model}.json`);
    const comparisons = await checkLlama(join(shared, "data/models", model), path);
    expect(comparisons.filter(({ passed }) => !passed).map(describeComparison)).toEqual([]);
    const { scores } = JSON.parse(await readFile(path, "utf8"));
    expect(comparisons).toHaveLength(5 + 2 * Object.keys(scores).length);
  });
});

describe("fixtures that cannot be compared", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "espalier-check-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const check = async (fixture: unknown) => {
    const path = join(folder, "fixture.json");
    await writeFile(path, typeof fixture === "string" ? fixture : JSON.stringify(fixture));
    return await checkLlama(shipped, path);
  };
  const ids = [
    [1, 5, 6, 7],
    [8, 9, 10, 11],
  ];

  it.each([
    ["{", /not JSON/],
    [{ token_nll: [[1]] }, /input_ids is missing/],
    [{ input_ids: [], token_nll: [] }, /input_ids is empty/],
    [{ input_ids: [[1, 2], [1]], token_nll: [] }, /input_ids\[1\] is not a list of at least two/],
    [{ input_ids: [[1, 99_999]], token_nll: [[1]] }, /holds token 99999, the model has 512/],
    [{ input_ids: ids, token_nll: [[1, "a"]] }, /token_nll holds "a"/],
    [{ input_ids: ids, token_nll: [[1]], scores: { magnitude_l1: 3 } }, /scores.magnitude_l1 is not an object/],
    [
      {
        input_ids: ids,
        token_nll: [[1]],
        pruned: { drop_kv_groups: [[9], [], [], [], []], drop_mlp_channels: [[], [], [], [], []], token_nll: [] },
      },
      /drop_kv_groups\[0\] names unit 9 of 4/,
    ],
  ])("is refused with a reason: %j", async (fixture, message) => {
    await expect(check(fixture)).rejects.toThrow(FixtureError);
    await expect(check(fixture)).rejects.toThrow(message);
  });

  it("counts wrong numbers, missing numbers and unknown scores as failed", async () => {
    const comparisons = await check({
      input_ids: ids,
      token_nll: [1, 2, 3, 4, 5, 6],
      head_gate_grad: [0],
      scores: { of_tomorrow: { attention: [0], mlp: [0] } },
    });
    expect(comparisons.map(({ name, passed }) => [name, passed])).toEqual([
      ["token_nll", false],
      ["head_gate_grad", false],
      ["scores.of_tomorrow", false],
    ]);
    expect(comparisons.map(describeComparison).join("\n")).toMatch(/80 numbers, the fixture has 1/);
  });
});
