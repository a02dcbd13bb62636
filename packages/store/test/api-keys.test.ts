import { createHash, randomBytes } from "node:crypto";
import { type ApiKeyId, newApiKeyId } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import type { NewApiKey } from "../src/index.js";
import { newJob } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();

const newKey = (more: Partial<NewApiKey> = {}): NewApiKey => ({
  id: newApiKeyId(),
  name: "ci",
  scopes: ["jobs:read"],
  expiresAt: undefined,
  secretHash: createHash("sha256").update(randomBytes(32)).digest(),
  ...more,
});

const inSeconds = (seconds: number): string => new Date(Date.now() + 1000 * seconds).toISOString();

/** Moves the key's end, as time would. */
const endAt = (id: ApiKeyId, interval: string) =>
  store().sql("UPDATE api_keys SET expires_at = clock_timestamp() + $2::interval WHERE id = $1", [id, interval]);

describe("API keys", () => {
  it("are none at first, and stay known when they end", async () => {
    const { apiKeys } = store();
    expect(await apiKeys.hasAny()).toBe(false);
    const { id } = await apiKeys.create(newKey());
    expect(await apiKeys.hasAny()).toBe(true);
    await apiKeys.revoke(id);
    expect(await apiKeys.hasAny()).toBe(true);
  });

  it("are found with their scopes and hash, never with a secret", async () => {
    const { apiKeys } = store();
    const key = newKey({ scopes: ["jobs:read", "admin"], expiresAt: inSeconds(60) });
    const made = await apiKeys.create(key);
    expect(made).toMatchObject({ id: key.id, name: "ci", scopes: key.scopes, expires_at: key.expiresAt });
    expect(Object.keys(made)).not.toContain("secretHash");
    const found = await apiKeys.find(key.id);
    expect(found).toMatchObject({ scopes: key.scopes, revoked: false, unmarkedMs: null });
    expect(Buffer.from(found?.secretHash ?? []).equals(Buffer.from(key.secretHash))).toBe(true);
    expect(found?.expiresInMs).toBeGreaterThan(0);
    expect(found?.expiresInMs).toBeLessThanOrEqual(60_000);
    expect(await apiKeys.find(newApiKeyId())).toBeUndefined();
  });

  it("must end in the future, whatever the zone it is written in", async () => {
    const { apiKeys } = store();
    for (const expiresAt of [inSeconds(-1), "2020-01-01T00:00:00+14:00"]) {
      await expect(apiKeys.create(newKey({ expiresAt }))).rejects.toMatchObject({
        code: "VALIDATION_FAILED",
        errors: [{ pointer: "/expires_at" }],
      });
    }
    const made = await apiKeys.create(newKey({ expiresAt: "2990-01-01T02:00:00+02:00" }));
    expect(made.expires_at).toBe("2990-01-01T00:00:00.000Z");
  });

  it("expire by the database's clock", async () => {
    const { apiKeys } = store();
    const { id } = await apiKeys.create(newKey({ expiresAt: inSeconds(3600) }));
    await endAt(id, "-1 second");
    expect((await apiKeys.find(id))?.expiresInMs).toBeLessThanOrEqual(-1000);
  });

  it("are revoked once, and others are not found", async () => {
    const { apiKeys } = store();
    const { id } = await apiKeys.create(newKey());
    await apiKeys.revoke(id);
    const [first] = (await apiKeys.list({ limit: 1 })).data;
    expect(first?.revoked_at).not.toBeNull();
    await apiKeys.revoke(id);
    expect((await apiKeys.list({ limit: 1 })).data).toEqual([first]);
    expect((await apiKeys.find(id))?.revoked).toBe(true);
    await expect(apiKeys.revoke(newApiKeyId())).rejects.toMatchObject({ code: "API_KEY_NOT_FOUND" });
  });

  it("say when they were last used, written at most once a minute", async () => {
    const { apiKeys, sql } = store();
    const { id } = await apiKeys.create(newKey());
    const usedAt = async () => (await apiKeys.list({ limit: 1 })).data[0]?.last_used_at;
    await apiKeys.markUsed(id);
    const first = await usedAt();
    expect(first).not.toBeNull();
    await apiKeys.markUsed(id);
    expect(await usedAt()).toBe(first);
    await sql("UPDATE api_keys SET last_used_at = clock_timestamp() - interval '61 seconds' WHERE id = $1", [id]);
    expect((await apiKeys.find(id))?.unmarkedMs).toBeGreaterThan(60_000);
    await apiKeys.markUsed(id);
    expect((await apiKeys.find(id))?.unmarkedMs).toBeLessThan(60_000);
  });

  it("are listed newest first, page by page, while others come", async () => {
    const { apiKeys } = store();
    const ids: ApiKeyId[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await apiKeys.create(newKey({ name: `key ${n}` }))).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let n = 0; n < 3; n++) {
      const page = await apiKeys.list({ limit: 2, cursor });
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
      await apiKeys.create(newKey());
    }
    expect(seen.slice(0, 5)).toEqual(ids);
    await expect(apiKeys.list({ limit: 2, cursor: "forged" })).rejects.toMatchObject({ code: "CURSOR_INVALID" });
    const { next_cursor } = await apiKeys.list({ limit: 1 });
    await expect(store().endpoints.list({ limit: 1, cursor: String(next_cursor) })).rejects.toMatchObject({
      code: "CURSOR_INVALID",
    });
  });

  it("refuse scopes that do not exist and hashes of another length", async () => {
    const { apiKeys } = store();
    await expect(apiKeys.create(newKey({ scopes: [] }))).rejects.toThrow();
    await expect(apiKeys.create(newKey({ scopes: ["all" as never] }))).rejects.toThrow();
    await expect(apiKeys.create(newKey({ secretHash: Buffer.alloc(31) }))).rejects.toThrow();
  });
});

describe("jobs", () => {
  it("remember the key that submitted them", async () => {
    const { apiKeys, jobs, sql } = store();
    const { id: apiKeyId } = await apiKeys.create(newKey());
    const { id } = await jobs.create(newJob({}, { apiKeyId }));
    const { id: open } = await jobs.create(newJob());
    const rows = await sql("SELECT api_key_id FROM jobs WHERE id IN ($1, $2) ORDER BY id", [id, open]);
    expect(rows).toEqual([{ api_key_id: apiKeyId }, { api_key_id: null }]);
  });

  it("of clients with keys of their own may have the same Idempotency-Key", async () => {
    const { apiKeys, jobs } = store();
    const claim = { key: "1", bodyHash: "a" };
    const first = (await apiKeys.create(newKey())).id;
    const second = (await apiKeys.create(newKey())).id;
    const own = await jobs.create(newJob({}, { apiKeyId: first }), claim);
    const other = await jobs.create(newJob({}, { apiKeyId: second }), { ...claim, bodyHash: "b" });
    const open = await jobs.create(newJob(), { ...claim, bodyHash: "c" });
    expect([own.replayed, other.replayed, open.replayed]).toEqual([false, false, false]);
    expect(await jobs.create(newJob({}, { apiKeyId: first }), claim)).toEqual({ id: own.id, replayed: true });
    await expect(jobs.create(newJob({}, { apiKeyId: second }), claim)).rejects.toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
      message: expect.stringContaining("Idempotency-Key '1' came"),
    });
  });
});
