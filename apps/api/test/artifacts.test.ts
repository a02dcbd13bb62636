import type { JobId } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { artefact, artefactHash, finishJob } from "./support/run-job.js";
import { problemOf, startService, type TestService } from "./support/service.js";

describe("artefacts", () => {
  let service: TestService;
  let id: JobId;
  let url: string;
  beforeAll(async () => {
    service = await startService();
    id = (await service.submit()).id;
    await finishJob(service, id);
    url = `/v1/jobs/${id}/artifacts/${artefact.name}`;
  });
  afterAll(() => service.close());

  it("are listed with size and hash", async () => {
    const { data } = (await service.get(`/v1/jobs/${id}/artifacts`)).json();
    expect(data).toMatchObject([{ name: artefact.name, size_bytes: 1000, sha256: artefactHash }]);
  });

  it("are downloaded whole", async () => {
    const response = await service.get(url);
    expect(response.statusCode).toBe(200);
    expect(response.rawPayload).toEqual(artefact.bytes);
    expect(response.headers).toMatchObject({
      etag: `"${artefactHash}"`,
      "accept-ranges": "bytes",
      "content-length": "1000",
      "content-type": "application/octet-stream",
      "content-disposition": 'attachment; filename="model.safetensors"',
    });
  });

  it.each([
    ["bytes=0-9", 0, 10],
    ["bytes=990-", 990, 1000],
    ["bytes=-1", 999, 1000],
    ["bytes=500-5000", 500, 1000],
  ])("are downloaded in part: %s", async (range, from, to) => {
    const response = await service.get(url, { range });
    expect(response.statusCode).toBe(206);
    expect(response.headers["content-range"]).toBe(`bytes ${from}-${to - 1}/1000`);
    expect(response.rawPayload).toEqual(artefact.bytes.subarray(from, to));
  });

  it("have no bytes past their end", async () => {
    const response = await service.get(url, { range: "bytes=1000-" });
    expect(response.statusCode).toBe(416);
    expect(response.headers["content-range"]).toBe("bytes */1000");
    expect(problemOf(response).code).toBe("RANGE_NOT_SATISFIABLE");
  });

  it("are resumed only while they are the same", async () => {
    const same = await service.get(url, { range: "bytes=10-", "if-range": `"${artefactHash}"` });
    expect(same.statusCode).toBe(206);
    const other = await service.get(url, { range: "bytes=10-", "if-range": '"other"' });
    expect(other.statusCode).toBe(200);
    expect(other.rawPayload).toHaveLength(1000);
  });

  it("are not sent to who has them, nor by HEAD", async () => {
    expect((await service.get(url, { "if-none-match": `"${artefactHash}"` })).statusCode).toBe(304);
    const head = await service.app.inject({ method: "HEAD", url });
    expect(head.statusCode).toBe(200);
    expect(head.headers["content-length"]).toBe("1000");
    expect(head.rawPayload).toHaveLength(0);
  });

  it.each(["none.txt", "../secret", "..%2f..%2fetc/passwd", "native/", "%00"])(
    "named %s do not exist",
    async (name) => {
      const response = await service.get(`/v1/jobs/${id}/artifacts/${name}`);
      expect(response.statusCode).toBe(404);
    },
  );

  it("are none while the job runs", async () => {
    const other = await service.submit();
    expect((await service.get(`/v1/jobs/${other.id}/artifacts`)).json()).toEqual({ data: [], exports: [] });
    expect((await service.get(`/v1/jobs/${other.id}/artifacts/${artefact.name}`)).statusCode).toBe(404);
  });
});
