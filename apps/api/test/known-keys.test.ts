import { type ApiKeyId, newApiKeyId } from "@espalier/contracts";
import { startTestDatabase, type TestDatabase } from "@espalier/embedded";
import { openStore, type Store } from "@espalier/store";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type KnownKeys, makeKnownKeys } from "../src/access/known-keys.js";
import { hashSecret, isSecretOf, newApiSecret } from "../src/access/secret.js";

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await startTestDatabase();
  store = openStore({ databaseUrl: database.url, encryptionKey: new Uint8Array(32).fill(3) });
});
afterAll(async () => {
  await store?.close();
  await database?.drop();
});

/** Known keys on the real store, with a clock that the test turns and a count of what was read. */
function onTurnedClock(): { keys: KnownKeys; turn: (ms: number) => void; asked: Record<"find" | "markUsed", number> } {
  let now = 1000;
  const asked = { find: 0, markUsed: 0 };
  const counting = <N extends keyof typeof asked>(name: N) => {
    const method = store.apiKeys[name];
    return (id: ApiKeyId) => {
      asked[name]++;
      return method(id);
    };
  };
  const keys = makeKnownKeys({
    store: { ...store.apiKeys, find: counting("find") as never, markUsed: counting("markUsed") as never },
    onMarkFailed: (error) => {
      throw error;
    },
    clock: () => now,
  });
  const turn = (ms: number): void => {
    now += ms;
  };
  return { keys, asked, turn };
}

const makeKey = async (): Promise<ApiKeyId> => {
  const secretHash = hashSecret(newApiSecret());
  const { id } = await store.apiKeys.create({
    id: newApiKeyId(),
    name: "k",
    scopes: ["jobs:read"],
    expiresAt: undefined,
    secretHash,
  });
  return id;
};

describe("known keys", () => {
  it("are read once in three seconds, however many ask at once", async () => {
    const { keys, asked, turn } = onTurnedClock();
    const id = await makeKey();
    await Promise.all(Array.from({ length: 50 }, () => keys.find(id)));
    turn(2999);
    expect(await keys.find(id)).toMatchObject({ state: "active", scopes: ["jobs:read"] });
    expect(asked.find).toBe(1);
    turn(1);
    await keys.find(id);
    expect(asked.find).toBe(2);
  });

  it("are revoked at once here, and after three seconds for another process", async () => {
    const { keys, turn } = onTurnedClock();
    const id = await makeKey();
    await keys.find(id);
    await store.apiKeys.revoke(id);
    expect((await keys.find(id))?.state).toBe("active");
    turn(3000);
    expect((await keys.find(id))?.state).toBe("revoked");
    const other = await makeKey();
    await keys.find(other);
    await store.apiKeys.revoke(other);
    keys.changed(other);
    expect((await keys.find(other))?.state).toBe("revoked");
  });

  it("expire while they are remembered", async () => {
    let now = 0;
    const find = async (id: ApiKeyId) => {
      const found = await store.apiKeys.find(id);
      return found && { ...found, expiresInMs: 2000 - now };
    };
    const keys = makeKnownKeys({ store: { ...store.apiKeys, find }, onMarkFailed: () => undefined, clock: () => now });
    const id = await makeKey();
    now = 1000;
    expect((await keys.find(id))?.state).toBe("active");
    now = 1999;
    expect((await keys.find(id))?.state).toBe("active");
    now = 2000;
    expect((await keys.find(id))?.state).toBe("expired");
  });

  it("stay when a thousand ids that nobody has are tried", async () => {
    const { keys, asked } = onTurnedClock();
    const id = await makeKey();
    await keys.find(id);
    const tried = await Promise.all(Array.from({ length: 1000 }, () => keys.find(newApiKeyId())));
    expect(tried.every((key) => key === undefined)).toBe(true);
    asked.find = 0;
    await keys.find(id);
    expect(asked.find).toBe(0);
  });

  it("are noted as used once a minute", async () => {
    const { keys, asked, turn } = onTurnedClock();
    const id = await makeKey();
    for (let second = 0; second < 59; second++) {
      await keys.find(id);
      keys.use(id);
      turn(1000);
    }
    await vi.waitFor(() => expect(asked.markUsed).toBeGreaterThan(0), { timeout: 20_000 });
    expect(asked.markUsed).toBe(1);
  });

  it("are none until one was made", async () => {
    const empty = await startTestDatabase();
    const other = openStore({ databaseUrl: empty.url, encryptionKey: new Uint8Array(32) });
    try {
      const keys = makeKnownKeys({ store: other.apiKeys, onMarkFailed: () => undefined });
      expect(await keys.isNone()).toBe(true);
      keys.made();
      expect(await keys.isNone()).toBe(false);
      expect(await onTurnedClock().keys.isNone()).toBe(false);
    } finally {
      await other.close();
      await empty.drop();
    }
  });
});

describe("known keys while Postgres is away", () => {
  it("reject, and are asked for again", async () => {
    const away = openStore({ databaseUrl: "postgresql://a:b@127.0.0.1:1/none", encryptionKey: new Uint8Array(32) });
    const keys = makeKnownKeys({ store: away.apiKeys, onMarkFailed: () => undefined });
    const outage = { code: "SERVICE_UNAVAILABLE" };
    await expect(keys.find(newApiKeyId())).rejects.toMatchObject(outage);
    await expect(keys.isNone()).rejects.toMatchObject(outage);
    await expect(keys.isNone()).rejects.toMatchObject(outage);
    await away.close();
  });
});

describe("secrets", () => {
  it("have 256 random bits, and match their own hash alone", () => {
    const secrets = Array.from({ length: 100 }, newApiSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) expect(Buffer.from(secret, "base64url")).toHaveLength(32);
    const [first = "", second = ""] = secrets;
    expect(isSecretOf(first, hashSecret(first))).toBe(true);
    expect(isSecretOf(first, hashSecret(second))).toBe(false);
    expect(isSecretOf(first, undefined)).toBe(false);
    expect(isSecretOf("", undefined)).toBe(false);
  });
});
