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
    expect((await service.get("/v1/webhook-endpoints")).json().data).toContainEqual(endpoint);

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

  const send = (method: "POST" | "PATCH", url: string, payload?: object) =>
    service.app.inject({ method, url, ...(payload && { payload }) });

  async function registered(): Promise<string> {
    const { endpoint } = (await create({ url: "https://example.com/hook", events: ["job.cancelled"] })).json();
    return `/v1/webhook-endpoints/${endpoint.id}`;
  }

  it("change their address, events and whether they are sent anything", async () => {
    const url = await registered();
    const { endpoint } = (await service.get(url)).json();
    const changes = { url: "https://example.com/new", events: ["job.failed"], enabled: false };
    const changed = await send("PATCH", url, changes);
    expect(changed.json()).toEqual({ endpoint: { ...endpoint, ...changes } });
    expect((await service.get(url)).json()).toEqual(changed.json());
    expect((await send("PATCH", url, { enabled: true })).json().endpoint).toMatchObject({ enabled: true });
  });

  it.each([
    [{ url: "https://192.168.1.1/" }, "WEBHOOK_URL_REFUSED", "/url"],
    [{ url: "http://example.com/" }, "WEBHOOK_URL_REFUSED", "/url"],
    [{ events: [] }, "VALIDATION_FAILED", "/events"],
    [{ enabled: "yes" }, "VALIDATION_FAILED", "/enabled"],
    [{ secret: "whsec_" }, "VALIDATION_FAILED", "/secret"],
  ])("refuse the change %j", async (body, code, pointer) => {
    const response = await send("PATCH", await registered(), body);
    expect(response.statusCode).toBe(422);
    expect(problemOf(response)).toMatchObject({ code, errors: [{ pointer }] });
  });

  it("show a rotated secret once, and until when the one before it signs too", async () => {
    const url = await registered();
    const rotated = await send("POST", `${url}/rotate-secret`);
    expect(rotated.statusCode).toBe(200);
    expect(rotated.headers["cache-control"]).toBe("no-store");
    const { endpoint, secret } = rotated.json();
    expect(webhookSecret.safeParse(secret).success).toBe(true);
    expect(Date.parse(endpoint.previous_secret_until)).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    const read = await service.get(url);
    expect(read.json()).toEqual({ endpoint });
    expect(read.body).not.toContain("whsec_");
  });

  it("are sent a test on request, whatever they ask for", async () => {
    const url = await registered();
    const tested = await send("POST", `${url}/test`);
    expect(tested.statusCode).toBe(202);
    const { delivery } = tested.json();
    expect(delivery).toMatchObject({ event_type: "endpoint.test", state: "pending", attempts: [] });
    expect((await service.get(`${url}/deliveries`)).json().data).toEqual([delivery]);
  });

  it("are sent a message again once it has ended, and not before", async () => {
    const url = await registered();
    const { id } = (await send("POST", `${url}/test`)).json().delivery;
    const again = `${url}/deliveries/${id}/redeliver`;
    const early = await send("POST", again);
    expect([early.statusCode, problemOf(early).code]).toEqual([409, "WEBHOOK_DELIVERY_PENDING"]);
    await service.store.deliveries.claim(id, 30);
    const attempt = { status: 500, error: "The receiver answered 500.", durationSeconds: 0.1 };
    await service.store.deliveries.settle(id, attempt, { delivered: false, retryInSeconds: null });
    const sent = await send("POST", again);
    expect(sent.statusCode).toBe(202);
    expect(sent.json().delivery).toMatchObject({ id, state: "pending", attempts: [{ status: 500 }] });
    const missing = await send("POST", `${url}/deliveries/msg_1/redeliver`);
    expect([missing.statusCode, problemOf(missing).code]).toEqual([404, "WEBHOOK_DELIVERY_NOT_FOUND"]);
  });

  it("are sent nothing while they are disabled", async () => {
    const url = await registered();
    await send("PATCH", url, { enabled: false });
    const refused = await send("POST", `${url}/test`);
    expect([refused.statusCode, problemOf(refused).code]).toEqual([409, "WEBHOOK_ENDPOINT_DISABLED"]);
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
