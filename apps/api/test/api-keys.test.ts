import { setTimeout as sleep } from "node:timers/promises";
import { apiKeyView, parseApiKey } from "@espalier/contracts";
import { makeLogger } from "@espalier/telemetry";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { bearer, makeKey, ROOT, sql } from "./support/keys.js";
import { problemOf, smallJob, startService, type TestService } from "./support/service.js";

/** That it takes at most three seconds of its clock is shown in `known-keys.test.ts`; this machine may be busy. */
const SOON = { timeout: 20_000, interval: 100 };

const lines: string[] = [];

describe("API keys", () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService(
      { apiKey: ROOT },
      makeLogger({ service: "api", level: "trace" }, { write: (line) => void lines.push(line) }),
    );
  });
  afterAll(() => service.close());

  const root = bearer(ROOT);
  const statusFor = async (key: string) => (await service.get("/v1/jobs", bearer(key))).statusCode;
  const revoke = (id: string) => service.app.inject({ method: "DELETE", url: `/v1/api-keys/${id}`, headers: root });

  it("are shown once, listed without their secret, and revoked", async () => {
    const { view, key } = await makeKey(service, ["jobs:read"], { name: "dashboard" });
    expect(apiKeyView.parse(view)).toMatchObject({ name: "dashboard", scopes: ["jobs:read"], last_used_at: null });
    const { id, secret } = parseApiKey(key) ?? {};
    expect(id).toBe(view.id);
    expect(await statusFor(key)).toBe(200);

    const listed = await service.get("/v1/api-keys?limit=1", root);
    expect(listed.json().data).toMatchObject([{ id, revoked_at: null }]);
    expect(listed.body).not.toContain(secret);
    const [row] = await sql(service, "SELECT api_keys::text AS text FROM api_keys WHERE id = $1", view.id);
    expect(JSON.stringify(row)).not.toContain(secret);

    expect((await revoke(view.id)).statusCode).toBe(204);
    const refused = await service.get("/v1/jobs", bearer(key));
    expect(refused.statusCode).toBe(401);
    expect(problemOf(refused).detail).toBe("This key was revoked.");
    expect((await revoke(view.id)).statusCode).toBe(204);
  });

  it("are not kept by anything in between when they are shown", async () => {
    const response = await service.post("/v1/api-keys", { name: "a", scopes: ["jobs:read"] }, root);
    expect(response.headers["cache-control"]).toBe("no-store");
  });

  it("that another process revokes end within five seconds", async () => {
    const { view, key } = await makeKey(service, ["jobs:read"]);
    expect(await statusFor(key)).toBe(200);
    await service.store.apiKeys.revoke(view.id);
    await vi.waitFor(async () => expect(await statusFor(key)).toBe(401), SOON);
  });

  it("expire by themselves", async () => {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const { view, key } = await makeKey(service, ["jobs:read"], { expires_at });
    expect(view.expires_at).toBe(expires_at);
    expect(await statusFor(key)).toBe(200);
    await sql(service, "UPDATE api_keys SET expires_at = clock_timestamp() WHERE id = $1", view.id);
    await vi.waitFor(async () => {
      const refused = await service.get("/v1/jobs", bearer(key));
      expect(refused.statusCode).toBe(401);
      expect(problemOf(refused).detail).toBe("This key has expired.");
    }, SOON);
  });

  it("say when they were last used", async () => {
    const { view, key } = await makeKey(service, ["jobs:read"]);
    await Promise.all([statusFor(key), statusFor(key), statusFor(key)]);
    await vi.waitFor(async () => {
      const { data } = (await service.get("/v1/api-keys?limit=1", root)).json();
      expect(data).toMatchObject([{ id: view.id, last_used_at: expect.any(String) }]);
    }, SOON);
  });

  it.each([
    [{ scopes: ["jobs:read"] }, "/name"],
    [{ name: "", scopes: ["jobs:read"] }, "/name"],
    [{ name: "a", scopes: [] }, "/scopes"],
    [{ name: "a", scopes: ["jobs:delete"] }, "/scopes/0"],
    [{ name: "a", scopes: ["admin", "admin"] }, "/scopes"],
    [{ name: "a", scopes: ["admin"], expires_at: "tomorrow" }, "/expires_at"],
    [{ name: "a", scopes: ["admin"], expires_at: "2020-01-01T00:00:00Z" }, "/expires_at"],
    [{ name: "a", scopes: ["admin"], secret: "mine" }, "/secret"],
  ])("refuse %j", async (body, pointer) => {
    const response = await service.post("/v1/api-keys", body, root);
    expect(response.statusCode).toBe(422);
    expect(problemOf(response)).toMatchObject({ code: "VALIDATION_FAILED", errors: [{ pointer }] });
  });

  it("that never were are not found", async () => {
    for (const id of ["key_1", "key_01890a5d-ac96-774b-bcce-b302099a8057"]) {
      const response = await revoke(id);
      expect(response.statusCode).toBe(404);
      expect(problemOf(response).code).toBe("API_KEY_NOT_FOUND");
    }
  });

  it("end the streams that they opened", async () => {
    const { view, key } = await makeKey(service, ["jobs:read", "jobs:write"]);
    const { id } = (await service.post("/v1/jobs", smallJob, bearer(key))).json().job;
    const url = await service.app.listen({ host: "127.0.0.1", port: 0 });
    const headers = { ...bearer(key), accept: "text/event-stream" };
    const open = await fetch(new URL(`/v1/jobs/${id}/events`, url), { headers });
    expect(open.status).toBe(200);
    const read = open.text();
    await service.store.apiKeys.revoke(view.id);
    await expect(Promise.race([read, sleep(SOON.timeout, "still open")])).rejects.toThrow();
  });

  it("reach no line of the log, wherever a client puts them", async () => {
    const { view, key } = await makeKey(service, ["jobs:read", "jobs:write"]);
    const { secret = "" } = parseApiKey(key) ?? {};
    const wrong = key.replace(secret, [...secret].reverse().join(""));
    for (const canary of [key, wrong, ROOT]) {
      await service.get("/v1/jobs", bearer(canary));
      await service.get(`/v1/jobs?key=${canary}`, bearer(canary));
      await service.get(`/v1/jobs/${canary}`, bearer(canary));
      await service.get(`/${canary}`);
      await service.get("/v1/jobs/%zz", bearer(canary));
      await service.post("/v1/jobs", { ...smallJob, [canary]: canary, name: canary }, bearer(canary));
      await service.post("/v1/jobs", smallJob, { ...bearer(canary), "idempotency-key": canary });
      await revoke(canary);
    }
    await service.get("/v1/jobs", { ...bearer(key), "x-request-id": key });
    await revoke(view.id);
    await service.get("/v1/jobs", bearer(key));
    const log = lines.join("");
    for (const canary of [secret, wrong, ROOT]) expect(log).not.toContain(canary);
    expect(log).toContain(view.id);
    expect(log).toContain("[redacted]");
  });
});

describe("a service without ESPALIER_API_KEY", () => {
  it("is open on this machine until its first key, which must be able to make others, and then asks for one", async () => {
    const service = await startService();
    try {
      expect((await service.get("/v1/jobs")).statusCode).toBe(200);
      const locking = await service.post("/v1/api-keys", { name: "first", scopes: ["jobs:read"] });
      expect(problemOf(locking)).toMatchObject({ code: "VALIDATION_FAILED", errors: [{ pointer: "/scopes" }] });
      expect((await service.get("/v1/jobs")).statusCode).toBe(200);

      const first = (await service.post("/v1/api-keys", { name: "first", scopes: ["admin"] })).json();
      expect((await service.get("/v1/jobs")).statusCode).toBe(401);
      expect((await service.get("/v1/jobs", bearer(first.key))).statusCode).toBe(200);
      // Under another name too: whoever has a key was not lured here by a page.
      expect((await service.get("/v1/jobs", { ...bearer(first.key), host: "espalier.test" })).statusCode).toBe(200);

      await service.store.apiKeys.revoke(first.api_key.id);
      await vi.waitFor(async () => {
        expect((await service.get("/v1/jobs", bearer(first.key))).statusCode).toBe(401);
      }, SOON);
      expect((await service.get("/v1/jobs")).statusCode).toBe(401);
    } finally {
      await service.close();
    }
  });
});
