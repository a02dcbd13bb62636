import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { repository } from "./repository.js";

const run = promisify(execFile);
const cli = repository("apps/cli/bin/espalier.js");
const scratch = mkdtempSync(join(tmpdir(), "espalier-depth-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const depth = (out: string, ...flags: string[]) =>
  run(process.execPath, [
    ...[cli, "depth", "--model", repository("examples/models/stories260K"), "--out", out],
    ...["--calibration", repository("examples/corpora/tinystories-train.txt"), "--samples", "24", "--windows", "8"],
    ...["--sequence-length", "32", "--scale-steps", "4", "--shift-steps", "24", "--rank", "4", "--threads", "1"],
    ...flags,
  ]);

describe("espalier depth", () => {
  it("writes a plain model of fewer layers and tells what every method left", async () => {
    const out = join(scratch, "shallow");
    const { stdout } = await depth(out, "--drop", "2", "--json");
    const { results, written } = JSON.parse(stdout);
    expect(results.map(({ method }: { method: string }) => method)).toEqual(["dense", "last", "similarity", "trsp"]);
    expect(written).toBe("trsp");
    expect(JSON.parse(readFileSync(join(out, "config.json"), "utf8")).num_hidden_layers).toBe(3);
    expect(readdirSync(out)).toEqual(expect.arrayContaining(["depth.json", "model.safetensors", "SHA256SUMS"]));
    await run("sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: out });
  }, 180_000);

  it("refuses to remove all blocks, and leaves nothing", async () => {
    const out = join(scratch, "nothing");
    const failure = await depth(out, "--drop", "5").catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 2, stderr: expect.stringContaining("at most 4, not 5") });
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(scratch).filter((name) => name.startsWith("."))).toEqual([]);
  }, 120_000);
});
