import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { ArtifactView } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import { eventually } from "./harness/eventually.js";
import { freezeIn } from "./harness/freeze.js";
import { inPlace } from "./harness/in-place.js";
import type { Place } from "./harness/place.js";

/** Folders in the making: their names begin with a dot. */
function stagingFolders({ dataDir }: Place): readonly string[] {
  const artifacts = join(dataDir, "artifacts");
  return existsSync(artifacts) ? readdirSync(artifacts).filter((name) => name.startsWith(".")) : [];
}

const listed = async ({ client }: Place, id: string) =>
  (await client.get<{ data: ArtifactView[] }>(`/v1/jobs/${id}/artifacts`)).data;

describe.concurrent("row 12: SIGKILL while exporting", { timeout: 600_000 }, () => {
  it("leaves a temporary folder that nobody sees; the next worker removes it and writes the same bytes", () =>
    inPlace({}, async (place) => {
      const first = await place.startWorker();
      const { id } = await place.submit();
      const frozen = await freezeIn("export", place, first, id, () => stagingFolders(place).length > 0);
      const children = first.children();
      await first.kill();
      for (const child of children) process.kill(child, "SIGKILL");
      expect(stagingFolders(place)).toHaveLength(1);
      expect(await listed(place, id)).toEqual([]);
      await place.startWorker();
      expect(await place.finished(id)).toMatchObject({ state: "succeeded", error: null });
      expect(stagingFolders(place)).toEqual([]);
      const [job] = await place.database.query("SELECT stage_epoch AS epoch FROM jobs");
      expect(job).toEqual({ epoch: frozen.epoch + 1 });
      await expectInvariants(place);
    }));

  it("between the folder's rename and its listing: the next worker lists the same bytes", () =>
    inPlace({}, async (place) => {
      const first = await place.startWorker();
      const { id } = await place.submit();
      const { thaw } = await freezeIn("export", place, first, id);
      const held = await place.database.hold("SELECT 1 FROM jobs WHERE id = $1 FOR UPDATE", [id]);
      thaw();
      await eventually(() => existsSync(join(place.dataDir, "artifacts", id)), true);
      await first.kill();
      await held.end();
      expect(await listed(place, id)).toEqual([]);
      await place.startWorker();
      expect(await place.finished(id)).toMatchObject({ state: "succeeded", error: null });
      expect(stagingFolders(place)).toEqual([]);
      await expectInvariants(place);
    }));
});
