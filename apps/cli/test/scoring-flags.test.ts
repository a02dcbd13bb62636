import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { pruneJobBody } from "../src/prune/job-body.js";
import { localPaths } from "../src/prune/local-paths.js";
import { type PruneFlags, pruneFlags } from "../src/prune/prune-flags.js";
import { pruneModel } from "../src/prune/prune-model.js";
import { weightedFiles } from "../src/prune/weighted-file.js";

const examples = fileURLToPath(new URL("../../../examples", import.meta.url));
const [train, valid] = ["train", "valid"].map((part) => join(examples, `corpora/tinystories-${part}.txt`));

function bodyOf(...flags: string[]) {
  const command = pruneFlags(new Command("prune"));
  const model = join(examples, "models/stories260K");
  const needed = ["--model", model, "--calibration", train, "--sparsity", "0.2", "--out", "out"];
  command.parse([...needed, ...flags], { from: "user" });
  const parsed = command.opts<PruneFlags>();
  return pruneJobBody(parsed, pruneModel(parsed).source, localPaths("corpus", [train, valid]));
}

describe("--scoring", () => {
  it("given several times names several texts, with their weights", () => {
    expect(bodyOf("--scoring", `${valid}:3`, "--scoring", train, "--max-windows", "24").scoring).toEqual([
      { corpus: "tinystories-valid.txt", windows: 24, weight: 3 },
      { corpus: "tinystories-train.txt", windows: 24 },
    ]);
  });

  it("left out is more of the calibration text", () => {
    expect(bodyOf("--max-windows", "24").scoring).toEqual({ windows: 24 });
  });

  it.each([
    ["text.txt", { file: "text.txt" }],
    ["a/text.txt:0.5", { file: "a/text.txt", weight: 0.5 }],
    ["text:1:2e-1", { file: "text:1", weight: 0.2 }],
    ["text:draft.txt", { file: "text:draft.txt" }],
    ["C:\\texts\\a.txt", { file: "C:\\texts\\a.txt" }],
  ])("reads %s", (text, read) => {
    expect(weightedFiles(text)).toEqual([read]);
  });

  it.each(["a.txt:0", "a.txt:-1", "a.txt:1e9", "a.txt:1.2.3"])("refuses %s", (text) => {
    expect(() => weightedFiles(text)).toThrow(/is not a weight above 0/);
  });
});
