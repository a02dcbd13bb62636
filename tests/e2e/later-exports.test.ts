import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { JobId } from "@espalier/contracts";
import { makeRemoveDeleted, makeRequestExport } from "@espalier/pipeline";
import { openQueues, type Queues } from "@espalier/queues";
import { openFileStore, openStore, type Store } from "@espalier/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Place, startPlace } from "../faults/harness/place.js";

/** Every trial completes. */
const unraced = { search: { trials: 4, seed: 5, refinement: 0, racing: false } };

const WAIT = { timeout: 90_000, interval: 50 };
const OFTEN = { timeout: 90_000, interval: 5 };

let place: Place;
let store: Store;
let queues: Queues;
beforeAll(async () => {
  place = await startPlace();
  const databaseUrl = place.database.url;
  store = openStore({ databaseUrl, encryptionKey: Buffer.from(place.canaries.encryptionKey, "base64") });
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  queues = await openQueues({ databaseUrl, logger: silent });
});
afterAll(async () => {
  await queues?.close();
  await store?.close();
  await place?.close();
});

const requestExport = (id: JobId, trial: number) =>
  makeRequestExport({ exports: store.exports, queue: queues, checkProfile: async () => undefined })(id, { trial });

const stateOf = async (id: JobId, name: string) => (await store.views.export(id, name)).state;
const hashes = async (id: JobId, name: string) =>
  (await store.views.artifacts(id, name)).data.map((file) => `${file.sha256} ${file.name}`);
const exportsDir = (id: JobId) => join(place.dataDir, "artifacts", `${id}.exports`);
const isBuilding = async (id: JobId) =>
  (await readdir(exportsDir(id), { recursive: true }).catch(() => [])).some((path) => path.includes(".partial-"));

/** A finished search, with its completed trials but the winner. */
async function search() {
  const { id } = await place.submit(unraced);
  const job = await place.finished(id);
  expect(job.error).toBeNull();
  const completed = await store.views.trials(id, { limit: 200, sort: "number", state: "completed" });
  const others = completed.data.map(({ number }) => number).filter((n) => n !== job.best[0]?.trial_number);
  const [first, second] = others;
  if (first === undefined || second === undefined) throw new Error("too few trials of the small job completed");
  return { id, first, second };
}

/** `sha256  file` as SHA256SUMS says it, of every file but itself. */
const sumLines = (listed: readonly string[], name: string) =>
  listed.filter((line) => !line.endsWith("SHA256SUMS")).map((line) => line.replace(` ${name}/`, "  "));

describe("exports of a finished search, by real workers", () => {
  it("are verified and listed; a kill, lost statistics and a deleted job do them no harm", {
    timeout: 240_000,
  }, async () => {
    const calmWorker = await place.startWorker();
    const calm = await search();
    const { name } = await requestExport(calm.id, calm.first);
    await expect.poll(() => stateOf(calm.id, name), WAIT).toBe("ready");
    const expected = await hashes(calm.id, name);
    const files = openFileStore(place.dataDir);
    const sums = (await readFile(files.artifactPath(calm.id, `${name}/SHA256SUMS`), "utf8")).trim().split("\n");
    expect(sumLines(expected, name).sort()).toEqual(sums.sort());
    const events = await store.views.events(calm.id, { after: 0, limit: 200 });
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)).toMatchObject({ type: "artifact.ready", data: { export: name } });

    // The same search again; its export is killed in the middle, and its statistics are gone.
    const { id, first, second } = await search();
    await calmWorker.kill();
    await rm(join(place.dataDir, "statistics"), { recursive: true, force: true });
    const doomed = await place.startWorker();
    expect(await requestExport(id, first)).toEqual({ name, pending: true });
    await expect.poll(() => isBuilding(id), OFTEN).toBe(true);
    await doomed.kill();
    expect(await store.views.export(id, name)).toMatchObject({ state: "pending", files: 0 });
    await place.startWorker();
    await expect.poll(() => stateOf(id, name), WAIT).toBe("ready");
    expect(await hashes(id, name)).toEqual(expected);
    expect(await isBuilding(id)).toBe(false);
    expect((await store.views.job(id)).state).toBe("succeeded");

    // Deleted while another one runs: nothing is left of it, and the worker is free.
    const running = await requestExport(id, second);
    await expect.poll(() => isBuilding(id), OFTEN).toBe(true);
    expect(await store.jobs.delete(id)).toEqual({ kind: "done" });
    await expect(stateOf(id, running.name)).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
    const again = await requestExport(calm.id, calm.second);
    await expect.poll(() => stateOf(calm.id, again.name), WAIT).toBe("ready");
    await makeRemoveDeleted({ removals: store.removals, files })();
    await files.removeJob(id);
    expect(await readdir(join(place.dataDir, "artifacts"))).not.toContain(`${id}.exports`);
  });
});
