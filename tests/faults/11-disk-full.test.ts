import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { ArtifactView, JobView } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import { freezeIn } from "./harness/freeze.js";
import { inPlace } from "./harness/in-place.js";
import type { Place } from "./harness/place.js";
import { canMountDisks, mountSmallDisk } from "./limits/small-disk.js";

if (!canMountDisks) process.stderr.write("row 11: skipped, this account may not mount a small disk\n");

async function pausedFrom(place: Place, id: string, from: string): Promise<JobView> {
  const job = await place.until(id, ({ state }) => state === "paused");
  expect(job).toMatchObject({ pause: { from, reason: { code: "STORAGE_FULL" } }, error: null });
  return job;
}

async function resume(place: Place, id: string): Promise<void> {
  const answer = await place.client.call(`/v1/jobs/${id}/resume`, { method: "POST" });
  expect(answer.status).toBe(200);
}

const halfWritten = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tmp"));

describe.skipIf(!canMountDisks)("row 11: a disk that is full", { timeout: 600_000 }, () => {
  it("while profiling, in a trial, while exporting: the job pauses with the reason each time, and resumes to the same end", () =>
    inPlace({}, async (place) => {
      const [statistics, artifacts] = ["statistics", "artifacts"].map((name) => join(place.dataDir, name));
      const disks = [mountSmallDisk(statistics), mountSmallDisk(artifacts)] as const;
      const [forStatistics, forArtifacts] = disks;
      try {
        const worker = await place.startWorker();
        forStatistics.fill();
        const { id } = await place.submit();
        await pausedFrom(place, id, "profiling");
        expect(halfWritten(statistics)).toEqual([]);

        forStatistics.makeRoom();
        await resume(place, id);
        const { thaw } = await freezeIn("trial", place, worker, id);
        forStatistics.fill();
        thaw();
        const { trials } = await pausedFrom(place, id, "searching");
        expect(trials).toMatchObject({ failed: 0, running: 0 });
        expect(halfWritten(statistics)).toEqual([]);

        forStatistics.makeRoom();
        forArtifacts.fill();
        await resume(place, id);
        await pausedFrom(place, id, "exporting");
        const { data } = await place.client.get<{ data: ArtifactView[] }>(`/v1/jobs/${id}/artifacts`);
        expect(data).toEqual([]);

        forArtifacts.makeRoom();
        await resume(place, id);
        expect(await place.finished(id)).toMatchObject({ state: "succeeded", trials: { failed: 0 } });
        const failures = await place.database.query("SELECT number FROM trials WHERE failures > 0");
        expect(failures).toEqual([]);
        await expectInvariants(place);
      } finally {
        for (const disk of disks) disk.remove();
      }
    }));
});
