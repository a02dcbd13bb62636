import { webhookSecret } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemOf, startService, type TestService } from "./support/service.js";

describe("webhook endpoints", () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  const create = (body: object) => service.post("/v1/webhook-endpoints", body);

  it("are registered, read, listed and removed", async () => {
    const created = await create({ url: "https://example.com/hook", events: ["job.succeeded"] });
    expect(created.statusCode).toBe(201);
    const { endpoint, secret } = created.json();
    expect(webhookSecret.safeParse(secret).success).toBe(true);
    const url = `/v1/webhook-endpoints/${endpoint.id}`;
    expect(created.headers.location).toBe(url);

    const read = await service.get(url);
    expect(read.json()).toEqual({ endpoint });
    expect(read.body).not.toContain("whsec_");
    expect((await service.get(url, { "if-none-match": String(read.headers.etag) })).statusCode).toBe(304);
    expect((await service.get("/v1/webhook-endpoints")).json().data).toEqual([endpoint]);

    expect((await service.app.inject({ method: "DELETE", url })).statusCode).toBe(204);
    const gone = await service.get(url);
    expect(gone.statusCode).toBe(404);
    expect(problemOf(gone).code).toBe("WEBHOOK_ENDPOINT_NOT_FOUND");
  });

  it("keep a secret that is given, and do not say it back", async () => {
    const secret = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
    const created = await create({ url: "https://example.com/own", secret });
    expect(created.json().secret).toBeUndefined();
    expect(created.body).not.toContain(secret);
  });

  it("log what was sent to them", async () => {
    const { endpoint } = (await create({ url: "https://example.com/log", events: ["job.cancelled"] })).json();
    const { id } = await service.submit();
    await service.store.jobs.cancel(id);
    const { data } = (await service.get(`/v1/webhook-endpoints/${endpoint.id}/deliveries`)).json();
    expect(data).toMatchObject([{ event_type: "job.cancelled", state: "pending", attempts: [] }]);
  });

  it.each([
    [{ url: "https://10.0.0.1/" }, "WEBHOOK_URL_REFUSED", "/url"],
    [{ url: "https://u:p@example.com/" }, "WEBHOOK_URL_REFUSED", "/url"],
    [{ url: "ftp://example.com/" }, "VALIDATION_FAILED", "/url"],
    [{ url: "https://example.com/", events: ["wat"] }, "VALIDATION_FAILED", "/events/0"],
    [{ url: "https://example.com/", secret: "short" }, "VALIDATION_FAILED", "/secret"],
  ])("refuse %j", async (body, code, pointer) => {
    const response = await create(body);
    expect(response.statusCode).toBe(422);
    expect(problemOf(response)).toMatchObject({ code, errors: [{ pointer }] });
  });

  it("that never were are not found", async () => {
    for (const id of ["whe_1", "whe_01890a5d-ac96-774b-bcce-b302099a8057"]) {
      const response = await service.get(`/v1/webhook-endpoints/${id}`);
      expect(problemOf(response).code).toBe("WEBHOOK_ENDPOINT_NOT_FOUND");
    }
  });
});
