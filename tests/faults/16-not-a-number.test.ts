import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../e2e/repository.js";
import { expectInvariants } from "./expect-invariants.js";
import { faultJob } from "./harness/fault-job.js";
import { inPlace } from "./harness/in-place.js";
import type { Place } from "./harness/place.js";

/** The shipped model with one weight that is no number, under a root of its own. */
function brokenModel(folder: string): void {
  cpSync(repository("examples/models/stories260K"), join(folder, "broken"), { recursive: true });
  const path = join(folder, "broken", "model.safetensors");
  const bytes = readFileSync(path);
  const headerLength = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.subarray(8, 8 + headerLength).toString());
  const [name] = Object.keys(header).filter((key) => key.endsWith("down_proj.weight"));
  bytes.writeFloatLE(Number.NaN, 8 + headerLength + header[name].data_offsets[0]);
  writeFileSync(path, bytes);
}

/** Every answer about a job, as it is sent. */
async function textOf({ client }: Place, id: string): Promise<string> {
  const parts = ["", "/trials", "/history", "/comparison", "/pareto", "/importance", "/events", "/artifacts"];
  const answers = await Promise.all(parts.map((part) => client.insist(`/v1/jobs/${id}${part}`)));
  for (const { status } of answers) expect([200, 409]).toContain(status);
  return JSON.stringify(answers.map(({ body }) => body));
}

describe.concurrent("row 16: numbers that are none, and too little text", { timeout: 600_000 }, () => {
  it("NaN among the weights: the job fails with the tensor's name", () => {
    const roots = repository("examples/models");
    return inPlace({ modelRoots: (dataDir) => [roots, dataDir] }, async (place) => {
      brokenModel(place.dataDir);
      await place.startWorker();
      const { id } = await place.submit({ model: { path: "broken" } });
      const job = await place.finished(id);
      expect(job).toMatchObject({ state: "failed", error: { code: "MODEL_WEIGHTS_NOT_FINITE" } });
      expect(job.error?.detail).toContain("down_proj.weight");
      expect(await textOf(place, id)).not.toMatch(/"-?(NaN|Infinity)"/);
      await expectInvariants(place);
    });
  });

  it("all trials infeasible: the job fails with SEARCH_INFEASIBLE, and its scores are null", () =>
    inPlace({}, async (place) => {
      const preload = repository("tests/faults/harness/infeasible-child.mjs");
      await place.startWorker({ env: { NODE_OPTIONS: `--import=${preload}` } });
      const { id } = await place.submit();
      const job = await place.finished(id);
      expect(job).toMatchObject({ state: "failed", error: { code: "SEARCH_INFEASIBLE" }, trials: { infeasible: 5 } });
      const text = await textOf(place, id);
      expect(text).toContain('"score":null');
      expect(text).not.toMatch(/"-?(NaN|Infinity)"/);
      await expectInvariants(place);
    }));

  it("a corpus that is shorter than asked: refused at submit with what it has", () =>
    inPlace({}, async (place) => {
      const calibration = { corpus: "tinystories-train.txt", samples: 4096, sequence_length: 512 };
      const body = JSON.stringify(faultJob({ calibration }));
      const answer = await place.client.insist<{ code: string; detail: string }>("/v1/jobs", { method: "POST", body });
      expect(answer).toMatchObject({ status: 422, body: { code: "CORPUS_TOO_SHORT" } });
      expect(answer.body.detail).toMatch(/\d/);
      await expectInvariants(place);
    }));
});
