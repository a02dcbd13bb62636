import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const module = new URL("../dist/compute/peak-rss.js", import.meta.url).href;

describe("peak of memory", () => {
  it("is that of the process, not of the one that started it", async () => {
    const held = new Uint8Array(400e6).fill(1); // resident here while the child is started
    const script = `import(${JSON.stringify(module)}).then(({ peakRssBytes }) => console.log(peakRssBytes()))`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script]);
    expect(held.length).toBe(400e6);
    expect(Number(stdout)).toBeGreaterThan(10e6);
    if (process.platform === "linux") expect(Number(stdout)).toBeLessThan(300e6);
  });
});
