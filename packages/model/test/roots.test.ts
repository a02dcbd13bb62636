import { execFileSync } from "node:child_process";
import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { listCorpora, listModels, resolveInsideRoots } from "@espalier/model";
import { describe, expect, it } from "vitest";
import { copyOfStories, examples, tinyModel } from "./support/model-files.js";
import { refusal } from "./support/refusal.js";
import { temporaryFolder } from "./support/temporary-folder.js";

async function rootWithModel(name: string): Promise<string> {
  const root = await temporaryFolder();
  await mkdir(join(root, name, ".."), { recursive: true });
  await rename(await tinyModel(), join(root, name));
  return root;
}

describe("a path from a client", () => {
  it("is found below any of the roots, relative or absolute", async () => {
    const root = await rootWithModel("org/tiny");
    const path = join(root, "org/tiny");
    expect(await resolveInsideRoots([root], "org/tiny", "model")).toEqual({ path, root });
    expect(await resolveInsideRoots([examples.models, root], path, "model")).toEqual({ path, root });
    const corpus = await resolveInsideRoots([examples.corpora], "tinystories-train.txt", "corpus");
    expect(corpus.path).toBe(join(examples.corpora, "tinystories-train.txt"));
  });

  it.each([
    "../stories260K",
    "stories260K/../../models/stories260K",
    "..",
    "a/..",
    "/etc",
    "/etc/passwd",
    "/no/such/place",
    "stories260K\0.txt",
    "%2e%2e/secret",
    "stories260K%2Fconfig.json",
    "a%00b",
    "%252e%252e/secret",
    "..\\secret",
    "",
    "x".repeat(5000),
  ])("that leaves the roots or tries to is refused: %j", async (path) => {
    for (const kind of ["model", "corpus"] as const) {
      const error = await refusal(resolveInsideRoots([examples.models], path, kind));
      expect(error.code).toBe("PATH_OUTSIDE_ROOTS");
      expect(error.message).not.toContain(examples.models);
    }
  });

  it("that is a link out of the roots is refused, one inside them is followed", async () => {
    const root = await rootWithModel("tiny");
    await symlink(await tinyModel(), join(root, "away"));
    await symlink(join(root, "tiny"), join(root, "alias"));
    expect((await refusal(resolveInsideRoots([root], "away", "model"))).code).toBe("PATH_OUTSIDE_ROOTS");
    expect((await resolveInsideRoots([root], "alias", "model")).path).toBe(join(root, "tiny"));
  });

  it("that does not exist is refused with the closest names", async () => {
    const model = await refusal(resolveInsideRoots([examples.models], "storys260k", "model"));
    expect(model.code).toBe("MODEL_NOT_FOUND");
    expect(model.message).toContain("'stories260K'");
    const corpus = await refusal(resolveInsideRoots([examples.corpora], "tinystories-trian.txt", "corpus"));
    expect(corpus.code).toBe("CORPUS_NOT_FOUND");
    expect(corpus.message).toContain("'tinystories-train.txt'");
    expect((await refusal(resolveInsideRoots([], "x", "model"))).code).toBe("MODEL_NOT_FOUND");
  });

  it("that is no folder for a model, or no text file for a corpus, is not found", async () => {
    const root = await temporaryFolder();
    await writeFile(join(root, "weights.bin"), "x");
    await writeFile(join(root, "corpus.txt"), "x");
    await mkdir(join(root, "folder.txt"));
    if (process.platform !== "win32") execFileSync("mkfifo", [join(root, "pipe.txt")]);
    await symlink(join(root, "loop"), join(root, "loop"));
    const code = async (path: string, kind: "model" | "corpus") =>
      (await refusal(resolveInsideRoots([root], path, kind))).code;
    expect(await code("corpus.txt", "model")).toBe("MODEL_NOT_FOUND");
    expect(await code("loop", "model")).toBe("MODEL_NOT_FOUND");
    for (const path of ["weights.bin", "folder.txt", "pipe.txt", "corpus.txt/x"]) {
      expect(await code(path, "corpus")).toBe("CORPUS_NOT_FOUND");
    }
  });
});

describe("lists", () => {
  it("name the shipped model with its size and units", async () => {
    expect(await listModels([examples.models])).toEqual([
      { name: "stories260K", family: "llama", parameters: 260_032, sizeBytes: 1_044_992, units: 5 * (4 + 172) },
    ]);
  });

  it("show a broken model with its error, beside those that are whole", async () => {
    const root = await rootWithModel("org/tiny");
    await rename(await copyOfStories(), join(root, "broken"));
    await writeFile(join(root, "broken", "model.safetensors"), "nonsense");
    await mkdir(join(root, "pickled"));
    await writeFile(join(root, "pickled", "pytorch_model.bin"), "x");
    const models = await listModels([root, join(root, "missing")]);
    expect(models.map(({ name }) => name)).toEqual(["broken", "org/tiny", "pickled"]);
    expect(models[0]).toMatchObject({ error: { code: "MODEL_FILE_MALFORMED" } });
    expect(models[1]).toMatchObject({ parameters: 1128 });
    expect(models[2]).toMatchObject({ error: { code: "MODEL_FORMAT_UNSAFE" } });
  });

  it("name the corpora of the roots and nothing else", async () => {
    const corpora = await listCorpora([examples.corpora]);
    expect(corpora.map(({ name }) => name)).toEqual(["tinystories-train.txt", "tinystories-valid.txt"]);
    expect(corpora[0]).toEqual({ name: "tinystories-train.txt", format: "text", sizeBytes: 199_985 });
  });
});
