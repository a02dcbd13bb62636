import { randomBytes } from "node:crypto";
import { openStore } from "@espalier/store";
import { describe, expect, it } from "vitest";
import { deriveKeys } from "../src/secrets/keys.js";
import { makeSealer } from "../src/secrets/seal.js";

const [current, previous] = [deriveKeys(randomBytes(32)), deriveKeys(randomBytes(32))];

describe("sealed secrets", () => {
  const sealer = makeSealer([current]);

  it("come back as they were, and never look alike", () => {
    const [a, b] = [sealer.seal("whsec_ä"), sealer.seal("whsec_ä")];
    expect(sealer.open(a)).toBe("whsec_ä");
    expect(Buffer.from(a).equals(b)).toBe(false);
  });

  it("stay closed to other keys, after every changed byte, and when cut off", () => {
    const sealed = sealer.seal("secret");
    expect(makeSealer([previous]).open(sealed)).toBeUndefined();
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(sealer.open(changed)).toBeUndefined();
      expect(sealer.open(sealed.subarray(0, at))).toBeUndefined();
    }
  });

  it("are sealed with the first key and opened with any; their first bytes name the key", () => {
    const both = makeSealer([current, previous]);
    const old = makeSealer([previous]).seal("whsec_a");
    const fresh = both.seal("whsec_b");
    expect([both.open(old), both.open(fresh), sealer.open(fresh)]).toEqual(["whsec_a", "whsec_b", "whsec_b"]);
    expect(fresh.subarray(0, both.currentId.length)).toEqual(both.currentId);
    expect(old.subarray(0, both.currentId.length)).not.toEqual(both.currentId);
  });

  it("have keys of their own, apart from the cursors'", () => {
    const key = randomBytes(32);
    const { id, secrets, cursors } = deriveKeys(key);
    expect(secrets.equals(cursors)).toBe(false);
    for (const bytes of [secrets, cursors, key]) expect(bytes.subarray(0, id.length).equals(id)).toBe(false);
  });
});

describe("openStore", () => {
  it("refuses a key that is not 32 bytes long", () => {
    const databaseUrl = "postgresql://nobody@127.0.0.1:1/none";
    expect(() => openStore({ databaseUrl, encryptionKey: randomBytes(16) })).toThrow(/32 bytes, got 16/);
    const previousEncryptionKeys = [randomBytes(31)];
    expect(() => openStore({ databaseUrl, encryptionKey: randomBytes(32), previousEncryptionKeys })).toThrow(/got 31/);
  });

  it("answers SERVICE_UNAVAILABLE while Postgres is away", async () => {
    const store = openStore({ databaseUrl: "postgresql://a:b@127.0.0.1:1/none", encryptionKey: randomBytes(32) });
    await expect(store.ping()).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
    await expect(store.views.jobs({ limit: 1, sort: "created_at" })).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
    });
    await expect(store.jobs.cancel("job_x" as never)).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
    await store.close();
  });
});
