import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allows,
  apiScopes,
  createApiKeyBody,
  formatApiKey,
  newApiKeyId,
  parseApiKey,
  withoutSecrets,
} from "../src/index.js";

const secretOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(secretOf);

describe("the text of a key", () => {
  it("comes apart as it was put together, whatever the secret", () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const key = { id: newApiKeyId(), secret };
        expect(parseApiKey(formatApiKey(key))).toEqual(key);
      }),
    );
  });

  it.each(["", "esp_", "esp_x_y", `esp_${"0".repeat(36)}_${"x".repeat(43)}`, "a-key-of-this-service"])(
    "of another form is no key: %j",
    (text) => {
      expect(parseApiKey(text)).toBeUndefined();
    },
  );

  it("is no key with a character more or less", () => {
    const text = formatApiKey({ id: newApiKeyId(), secret: "s".repeat(43) });
    for (const near of [`${text}s`, text.slice(0, -1), ` ${text}`, `${text}\n`]) {
      expect(parseApiKey(near)).toBeUndefined();
    }
  });

  it("is taken out of any text", () => {
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), (secret, before, after) => {
        const text = withoutSecrets(`${before}"${formatApiKey({ id: newApiKeyId(), secret })}"${after}`);
        expect(text).not.toContain(secret);
        expect(text).toContain('"[redacted]"');
      }),
    );
  });
});

describe("signing secrets", () => {
  it("are taken out of any text", () => {
    const secret = Buffer.alloc(32, 251).toString("base64");
    expect(withoutSecrets(`{"a":"whsec_${secret}"}`)).toBe('{"a":"[redacted]"}');
    expect(withoutSecrets("whsec_ and esp_ and key_ alone stay")).toBe("whsec_ and esp_ and key_ alone stay");
  });
});

describe("scopes", () => {
  it("allow what they name; admin allows everything", () => {
    for (const scope of apiScopes) {
      expect(apiScopes.filter((needed) => allows([scope], needed))).toEqual(
        scope === "admin" ? [...apiScopes] : [scope],
      );
      expect(allows([], scope)).toBe(false);
    }
  });

  it("are asked for once each, and at least one", () => {
    const body = (scopes: unknown) => createApiKeyBody.safeParse({ name: "x", scopes }).success;
    expect(body(["jobs:read", "admin"])).toBe(true);
    for (const scopes of [[], ["jobs:read", "jobs:read"], ["jobs"], "admin", undefined])
      expect(body(scopes)).toBe(false);
  });
});
