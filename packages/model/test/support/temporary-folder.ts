import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A fresh folder (real path) that is removed when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), "espalier-model-")));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
