import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
const out = mkdtempSync(join(tmpdir(), "espalier-hub-out-"));

beforeAll(async () => {
  const files = filesOf(repository("examples/models/stories260K"));
  server = await startHubServer({
    [id]: { branches: { main: commit }, commits: { [commit]: files }, gatedBy: TOKEN },
  });
  service = await startService(undefined, {
    ESPALIER_HUB_ENDPOINT: server.endpoint,
    ESPALIER_HUB_ALLOWED_CIDRS: "127.0.0.0/8",
    ESPALIER_HUB_TOKEN: TOKEN,
  });
});
afterAll(async () => {
  await service?.stop();
  await server?.close();
  rmSync(out, { recursive: true, force: true });
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
