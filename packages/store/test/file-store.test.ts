import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { newJobId } from "@espalier/contracts";
import { openFileStore } from "@espalier/store";
import { afterAll, describe, expect, it } from "vitest";

const root = mkdtempSync(join(tmpdir(), "espalier-files-"));
const files = openFileStore(root);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The file store reads by name alone. */
const named = (name: string) => ({ name, sizeBytes: 0, sha256: "" });

function jobWith(name: string, content: string) {
  const id = newJobId();
  const path = files.artifactPath(id, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return id;
}

describe("the file store", () => {
  it("keeps exports of a finished search apart: writing the first export again leaves them, removing the job does not", async () => {
    const name = "trial-7/sparsity-0.2/native/config.json";
    const id = jobWith(name, "later");
    expect(files.artifactPath(id, name)).toBe(join(files.exportDir(id, "trial-7/sparsity-0.2/native"), "config.json"));
    expect(existsSync(files.artifactDir(id))).toBe(false);
    expect(await text((await files.openRead(id, named(name))).stream)).toBe("later");
    for (const outside of ["trial-7/../../x", `trial-7/../../${id}/a`, "trial-7/.."]) {
      await expect(files.openRead(id, named(outside))).rejects.toMatchObject({ code: "ARTIFACT_NOT_FOUND" });
    }
    await files.removeJob(id);
    expect(existsSync(files.exportDir(id, "trial-7"))).toBe(false);
  });

  it("never leaves the job's folder", async () => {
    const id = jobWith("a", "mine");
    const other = jobWith("secret", "theirs");
    const names = [
      `../${other}/secret`,
      "../../x",
      "/etc/passwd",
      "a/../../x",
      "..",
      ".",
      "",
      "a\0b",
      "..\\x",
      "native",
    ];
    for (const name of names) {
      await expect(files.openRead(id, named(name)).catch((error) => Promise.reject(error))).rejects.toMatchObject({
        code: "ARTIFACT_NOT_FOUND",
      });
    }
  });

  it("does not follow a link out of the job's folder", async () => {
    const id = jobWith("a", "mine");
    writeFileSync(join(root, "outside"), "theirs");
    symlinkSync(join(root, "outside"), join(files.artifactDir(id), "link"));
    await expect(files.openRead(id, named("link"))).rejects.toMatchObject({ code: "ARTIFACT_NOT_FOUND" });
  });

  it("removes what a job left, half-made exports too, and a job that left nothing", async () => {
    const id = jobWith("a", "mine");
    const other = jobWith("a", "theirs");
    const partial = join(dirname(files.artifactDir(id)), `.${id}.partial-x`);
    mkdirSync(partial);
    await files.removeJob(id);
    await files.removeJob(id);
    expect([files.artifactDir(id), partial].map(existsSync)).toEqual([false, false]);
    expect(existsSync(files.artifactDir(other))).toBe(true);
  });

  it("takes statistics out of sight at once and removes them later, whoever set them aside", async () => {
    const key = "a".repeat(64);
    const folder = join(root, "statistics", key);
    await files.setAsideStatistics(key);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "shard"), "numbers");
    await files.setAsideStatistics(key);
    expect(existsSync(folder)).toBe(false);
    expect(readdirSync(join(root, "statistics"))).toHaveLength(1);
    await openFileStore(root).removeSetAside();
    expect(readdirSync(join(root, "statistics"))).toEqual([]);
    await expect(files.setAsideStatistics("../artifacts")).rejects.toThrow(RangeError);
  });
});
