import { cp, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createJobBody } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Inspector, makeInspector } from "../src/inspect/host.js";
import { inspectorEntry, roots, smallJob } from "./support/service.js";

const warnings: unknown[] = [];
const log = { info: () => undefined, warn: (fields: object) => void warnings.push(fields), error: () => undefined };

/** Takes longer than the age of the universe on forty a's and another letter. */
const CATASTROPHE = { type: "Split", pattern: { Regex: "(a+)+$" }, behavior: "Isolated", invert: false };

describe("a job whose files are hostile", () => {
  let folder: string;
  let inspector: Inspector;
  const inspect = (changes: object = {}) =>
    inspector.inspect(createJobBody.parse({ ...smallJob, model: { path: "evil" }, ...changes }));
  const inModel = (name: string) => join(folder, "evil", name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "espalier-hostile-"));
    await cp(join(roots.models[0] ?? "", "stories260K"), join(folder, "evil"), { recursive: true });
    inspector = makeInspector({
      entry: inspectorEntry,
      roots: { models: [folder], corpora: [...roots.corpora, folder], hubDir: folder },
      log,
      timeLimitsMs: { silence: 3000 },
    });
  });
  afterAll(async () => {
    await inspector.close();
    await rm(folder, { recursive: true });
  });

  it("is refused when a regular expression does not end, and the next question is answered", async () => {
    const tokenizer = JSON.parse(await readFile(inModel("tokenizer.json"), "utf8"));
    await writeFile(inModel("tokenizer.json"), JSON.stringify({ ...tokenizer, pre_tokenizer: CATASTROPHE }));
    await writeFile(join(folder, "a.txt"), `${"a".repeat(40)}b`);
    const refused = inspect({ calibration: { ...smallJob.calibration, corpus: "a.txt" } });
    await expect(refused).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      message: expect.stringMatching(/tokenizer.*took more than 3 s/),
      errors: [{ pointer: "/model/path" }],
    });
    await writeFile(inModel("tokenizer.json"), JSON.stringify(tokenizer));
    expect((await inspect()).model).toEqual({ path: "evil" });
  });

  it("writes nothing to the log but fields of lines", async () => {
    const good = await readFile(inModel("tokenizer.json"), "utf8");
    const pattern = { forged: '{"level":"fatal"}' };
    const normalizer = { type: "Replace", pattern, content: "x" };
    await writeFile(inModel("tokenizer.json"), JSON.stringify({ ...JSON.parse(good), normalizer }));
    await inspect();
    await expect
      .poll(() => warnings)
      .toContainEqual({
        event: "inspection.stderr",
        text: expect.stringContaining("Unknown pattern type"),
      });
    await writeFile(inModel("tokenizer.json"), good);
  });

  it("is refused with the code of the model's reader, where the body names the model", async () => {
    const good = await readFile(inModel("tokenizer.json"));
    await truncate(inModel("tokenizer.json"), 500 * 1024 * 1024);
    await expect(inspect()).rejects.toMatchObject({ code: "TOKENIZER_INVALID", errors: [{ pointer: "/model/path" }] });
    await writeFile(inModel("tokenizer.json"), good);
    await writeFile(inModel("model.safetensors"), Buffer.alloc(64, 0xff));
    await expect(inspect()).rejects.toMatchObject({
      code: "MODEL_FILE_MALFORMED",
      errors: [{ pointer: "/model/path" }],
    });
  });
});
