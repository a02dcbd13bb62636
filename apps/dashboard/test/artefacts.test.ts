import type { Artifact, Export } from "@espalier/client";
import { describe, expect, it } from "vitest";
import { artefactsSearch } from "../src/pages/job/artefacts/artefacts-search.js";
import {
  artefactsSentence,
  exportsWithFiles,
  largeAndSmall,
  shareSaved,
} from "../src/pages/job/artefacts/exports-with-files.js";
import { comparisonSearch } from "../src/pages/job/comparison/comparison-search.js";
import { specOf } from "../src/pages/job/spec-of.js";

const made = (name: string, state: Export["state"] = "ready"): Export => ({
  name,
  trial_number: 3,
  sparsity: 0.2,
  profile: "native",
  state,
  files: state === "ready" ? 2 : 0,
  size_bytes: state === "ready" ? 1500 : 0,
  model: null,
  error: null,
  created_at: "2026-01-01T00:00:00Z",
  finished_at: null,
});

const file = (folder: string, name: string, size_bytes: number): Artifact => ({
  name: `${folder}/${name}`,
  size_bytes,
  sha256: "0".repeat(64),
  export: folder,
  trial_number: 3,
  sparsity: 0.2,
  profile: "native",
  created_at: "2026-01-01T00:00:00Z",
});

describe("artefacts", () => {
  it("puts every file into its export, the largest first, and finds the card", () => {
    const [first, second] = exportsWithFiles({
      data: [file("a", "README.md", 10), file("b", "README.md", 10), file("a", "model.safetensors", 1490)],
      exports: [made("a"), made("b")],
    });
    expect(first?.files.map(({ shortName }) => shortName)).toEqual(["model.safetensors", "README.md"]);
    expect(first?.card?.name).toBe("a/README.md");
    expect(second?.files).toHaveLength(1);
  });

  it("sets the files with the numbers apart from the small ones", () => {
    const [one] = exportsWithFiles({
      data: [file("a", "README.md", 10), file("a", "model-F16.gguf", 2000), file("a", "model-Q8_0.gguf", 1000)],
      exports: [made("a")],
    });
    const { large, small } = largeAndSmall(one?.files ?? []);
    expect(large.map(({ shortName }) => shortName)).toEqual(["model-F16.gguf", "model-Q8_0.gguf"]);
    expect(small.map(({ shortName }) => shortName)).toEqual(["README.md"]);
    expect(largeAndSmall([])).toEqual({ large: [], small: [] });
  });

  it("says what is there and what is being written", () => {
    expect(artefactsSentence([made("a"), made("b", "pending"), made("c", "failed")])).toBe(
      "1 model ready to use: 2 files, 1.5 kB. 1 export being written.",
    );
  });

  it("compares with the dense model only where both are known", () => {
    expect(shareSaved(80, 100)).toBeCloseTo(0.2, 12);
    expect(shareSaved(80, null)).toBeUndefined();
    expect(shareSaved(undefined, 100)).toBeUndefined();
  });

  it("reads what a form needs of a job, one sparsity or several", () => {
    const spec = { model: { path: "stories260K" }, target: { sparsity: [0.2, 0.4], layout: "uniform" } };
    expect(specOf({ spec })).toEqual({ model: "stories260K", sparsities: [0.2, 0.4], isUniform: true, isRaced: false });
    expect(specOf({ spec: { model: { hub: "a/b" }, target: { sparsity: 0.3 }, search: { racing: true } } })).toEqual({
      model: "a/b",
      sparsities: [0.3],
      isUniform: false,
      isRaced: true,
    });
    expect(specOf({ spec: {} }).sparsities).toEqual([]);
  });
});

describe("searches of the URLs", () => {
  it("keeps what makes sense and forgets the rest", () => {
    expect(artefactsSearch({ card: "a", trial: 3, sparsity: 0.2, profile: "gguf", more: 1 })).toEqual({
      card: "a",
      trial: 3,
      sparsity: 0.2,
      profile: "gguf",
    });
    expect(artefactsSearch({ card: 3, trial: -1, sparsity: "0.2", profile: "exe" })).toEqual({});
    expect(comparisonSearch({ sparsity: 0.4 })).toEqual({ sparsity: 0.4 });
    expect(comparisonSearch({ sparsity: 2 })).toEqual({});
  });
});
