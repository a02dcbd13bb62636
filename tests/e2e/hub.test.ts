import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { dataOf } from "@espalier/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commitNumber, filesOf, type HubServer, startHubServer } from "../hub-server/start-hub-server.js";
import { repository } from "./repository.js";
import { type RunningService, startService } from "./running-service.js";
import { smallJob } from "./small-job.js";

const id = "test/stories260K";
const commit = commitNumber(1);
const TOKEN = "hf_canary-of-the-hub-test";

let server: HubServer;
let service: RunningService;

const shipped = repository("examples/models/stories260K");
const run = promisify(execFile);

const hubEnvironment = () => ({
  ESPALIER_HUB_ENDPOINT: server.endpoint,
  ESPALIER_HUB_ALLOWED_CIDRS: "127.0.0.0/8",
  ESPALIER_HUB_TOKEN: TOKEN,
});

/** Bytes of the partial files that a model's downloads left. */
function kept(model: string): readonly number[] {
  const blobs = join(service.dataDir, "hub", model.replace("/", "--"), "blobs");
  return readdirSync(blobs)
    .filter((name) => name.endsWith(".partial") && !/\.[0-9a-f]{12}\.partial$/.test(name))
    .map((name) => statSync(join(blobs, name)).size);
}

beforeAll(async () => {
  const files = filesOf(shipped);
  server = await startHubServer({
    [id]: { branches: { main: commit }, commits: { [commit]: files }, gatedBy: TOKEN },
  });
  service = await startService(undefined, hubEnvironment());
});
afterAll(async () => {
  await service?.stop();
  await server?.close();
});

describe("a job on a model of the hub", () => {
  it("is checked without its weights, settled to a commit, and pruned", async () => {
    const job = await service.submit(smallJob({ model: { hub: id }, search: { trials: 4, seed: 7 } }));
    expect(job.spec["model"]).toEqual({ hub: id, revision: commit });
    const finished = await service.finished(job.id);
    expect(finished).toMatchObject({ state: "succeeded", error: null });
    const recipe = await fetch(new URL(`/v1/jobs/${job.id}/artifacts/native/recipe.json`, service.url));
    expect(await recipe.json()).toMatchObject({ spec: { model: { hub: id, revision: commit } } });
    const models = await dataOf(service.api.GET("/v1/models"));
    expect(models.data.find(({ revision }) => revision !== null)).toMatchObject({
      name: id,
      revision: commit,
      family: "llama",
    });
  });

  it("can be cancelled while its weights are downloaded, and `espalier fetch` goes on from there", async () => {
    const second = "test/second";
    const model = server.models.get(id);
    if (model === undefined) throw new RangeError(`${id} is not served`);
    server.models.set(second, model);
    server.holdAfter = 500_000;
    const { id: job } = await service.submit(smallJob({ model: { hub: second } }));
    const { progress } = await service.until(job, (view) => view.progress.stage === "downloading");
    expect(progress).toMatchObject({ of: 2, unit: "megabytes" });
    await dataOf(service.api.POST("/v1/jobs/{id}/cancel", { params: { path: { id: job } } }));
    expect((await service.finished(job)).state).toBe("cancelled");
    await expect.poll(() => kept(second), { timeout: 30_000 }).toEqual([500_000]);
    server.release();
    const flags = ["fetch", `${second}@main`, "--data-dir", service.dataDir, "--json"];
    const { stdout } = await run(process.execPath, [repository("apps/cli/bin/espalier.js"), ...flags], {
      env: { ...process.env, ...hubEnvironment() },
    });
    const { path, ...fetched } = JSON.parse(stdout);
    expect(fetched).toEqual({ hub: second, revision: commit });
    expect(readFileSync(join(path, "model.safetensors")).equals(filesOf(shipped)["model.safetensors"])).toBe(true);
    expect(server.seen.filter(({ from }) => from === "cdn").at(-1)?.range).toBe("bytes=500000-");
  });

  it("lets nobody see the token", () => {
    expect(server.seen.filter(({ from }) => from === "cdn").map(({ authorization }) => authorization)).not.toContain(
      `Bearer ${TOKEN}`,
    );
    for (const log of ["api.log", "worker.log"]) {
      expect(readFileSync(join(service.dataDir, "logs", log), "utf8")).not.toContain(TOKEN);
    }
  });

  it.each([
    ["a model that is not there", { hub: "test/absent" }, "MODEL_NOT_FOUND", /closest.*stories260K/],
    ["a revision that is not there", { hub: id, revision: "v2" }, "MODEL_NOT_FOUND", /'v2'.*'main'/],
  ])("is refused at submit for %s", async (_name, model, code, message) => {
    const response = await fetch(new URL("/v1/jobs", service.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(smallJob({ model })),
    });
    const errors = [expect.objectContaining({ pointer: "/model/hub" })];
    expect(await response.json()).toMatchObject({ status: 422, code, detail: expect.stringMatching(message), errors });
  });
});
