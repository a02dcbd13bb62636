import { randomBytes } from "node:crypto";
import { openStore } from "@espalier/store";
import { describe, expect, it } from "vitest";
import { deriveKeys } from "../src/secrets/keys.js";
import { open, seal } from "../src/secrets/seal.js";

describe("sealed secrets", () => {
  const key = randomBytes(32);

  it("come back as they were, and never look alike", () => {
    const [a, b] = [seal(key, "whsec_ä"), seal(key, "whsec_ä")];
    expect(open(key, a)).toBe("whsec_ä");
    expect(Buffer.from(a).equals(b)).toBe(false);
  });

  it("refuse another key and every changed byte", () => {
    const sealed = seal(key, "secret");
    expect(() => open(randomBytes(32), sealed)).toThrow();
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => open(key, changed)).toThrow();
    }
  });

  it("have keys of their own, apart from the cursors'", () => {
    const { secrets, cursors } = deriveKeys(key);
    expect(secrets.equals(cursors)).toBe(false);
    expect(secrets.equals(key)).toBe(false);
  });
});

describe("openStore", () => {
  it("refuses a key that is not 32 bytes long", () => {
    const databaseUrl = "postgresql://nobody@127.0.0.1:1/none";
    expect(() => openStore({ databaseUrl, encryptionKey: randomBytes(16) })).toThrow(/32 bytes, got 16/);
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
