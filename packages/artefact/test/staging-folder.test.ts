import { fork } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStagingFolder } from "../src/durable/staging-folder.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "espalier-staging-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const built = new URL("../dist/durable/staging-folder.js", import.meta.url);

/** A process that writes half an export and is killed in the middle of it. */
async function exportAndKill(target: string): Promise<void> {
  const script = join(root, "half-an-export.mjs");
  await writeFile(
    script,
    `import { writeFile } from "node:fs/promises";
     import { openStagingFolder } from ${JSON.stringify(built.href)};
     const staging = await openStagingFolder(process.argv[2], 1);
     await writeFile(staging.path + "/model.safetensors", "half");
     process.send("writing");
     setInterval(() => undefined, 1000);`,
  );
  const child = fork(fileURLToPath(new URL(`file://${script}`)), [target], { execArgv: [] });
  await new Promise((resolve) => child.once("message", resolve));
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
}

describe("a staging folder", () => {
  it("of a killed process is not visible under the target's name, and the next attempt removes it", async () => {
    const parent = join(root, "killed");
    const target = join(parent, "job");
    await exportAndKill(target);
    const left = await readdir(parent);
    expect(left).toHaveLength(1);
    expect(left[0]).toMatch(/^\.job\.partial-/);

    const staging = await openStagingFolder(target, 2);
    await writeFile(join(staging.path, "model.safetensors"), "whole");
    expect(await readdir(parent)).not.toContain(left[0]);
    await staging.publish();
    expect(await readdir(parent)).toEqual(["job"]);
    expect(await readFile(join(target, "model.safetensors"), "utf8")).toBe("whole");
  });

  it("replaces an older result as a whole", async () => {
    const target = join(root, "again", "job");
    for (const [attempt, round] of ["first", "second"].entries()) {
      const staging = await openStagingFolder(target, attempt);
      await writeFile(join(staging.path, `${round}.txt`), round);
      await staging.publish();
    }
    expect(await readdir(target)).toEqual(["second.txt"]);
  });

  it("brings the older result back when a process died between the two renames", async () => {
    const parent = join(root, "between");
    await mkdir(join(parent, ".job.replaced-abc"), { recursive: true });
    await writeFile(join(parent, ".job.replaced-abc", "kept.txt"), "kept");
    const staging = await openStagingFolder(join(parent, "job"), 1);
    expect(await readdir(join(parent, "job"))).toEqual(["kept.txt"]);
    await staging.discard();
    expect(await readdir(parent)).toEqual(["job"]);
  });

  it("of a later attempt is left alone by one that was suspended meanwhile", async () => {
    const target = join(root, "overtaken", "job");
    const later = await openStagingFolder(target, 10);
    await expect(openStagingFolder(target, 9)).rejects.toThrow("attempt 9 is over");
    await writeFile(join(later.path, "model.safetensors"), "whole");
    await later.publish();
    expect(await readFile(join(target, "model.safetensors"), "utf8")).toBe("whole");
  });

  it("leaves other jobs' folders alone", async () => {
    const parent = join(root, "neighbours");
    await mkdir(join(parent, ".job-10.partial-x"), { recursive: true });
    const staging = await openStagingFolder(join(parent, "job-1"), 1);
    await staging.discard();
    expect(await readdir(parent)).toEqual([".job-10.partial-x"]);
  });
});
