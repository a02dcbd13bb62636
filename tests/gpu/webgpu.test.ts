import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { findSoftwareVulkan } from "./software-vulkan.js";

const bench = fileURLToPath(new URL("../../bench/gpu/compare-providers.ts", import.meta.url));
const vulkan = findSoftwareVulkan();

describe.skipIf(vulkan === undefined)("WebGPU, on a software Vulkan driver (Debian's chromium has one)", () => {
  const folder = mkdtempSync(join(tmpdir(), "espalier-webgpu-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("profiles and scores as the CPU does, to 1e-4", async () => {
    const results = join(folder, "gpu.jsonl");
    const small = ["--calibration", "2", "--scoring", "2", "--trials", "1", "--results", results];
    await promisify(execFile)(process.execPath, ["--import", "tsx", bench, ...small], {
      env: { ...process.env, ...vulkan?.env },
    });
    const [differences] = readFileSync(results, "utf8").trim().split("\n");
    expect(JSON.parse(differences)).toMatchObject({ provider: "webgpu", agrees: true });
  }, 300_000);
});
