import { describe, expect, it } from "vitest";
import { keyState } from "../src/pages/keys/key-state.js";
import { attemptText } from "../src/pages/webhooks/attempt-text.js";
import { endpointState } from "../src/pages/webhooks/endpoint-state.js";

const NOW = Date.parse("2026-01-01T00:00:00Z");

describe("the state of a key", () => {
  const key = { id: "", name: "", scopes: [], created_at: "", expires_at: null, revoked_at: null, last_used_at: null };

  it("is revoked before it is expired, and enabled else", () => {
    expect(keyState(key, NOW)).toBe("enabled");
    expect(keyState({ ...key, expires_at: "2025-12-31T00:00:00Z" }, NOW)).toBe("expired");
    expect(keyState({ ...key, expires_at: "2026-12-31T00:00:00Z" }, NOW)).toBe("enabled");
    expect(keyState({ ...key, expires_at: "2025-12-31T00:00:00Z", revoked_at: "2025-01-01T00:00:00Z" }, NOW)).toBe(
      "revoked",
    );
  });
});

describe("the state of an endpoint", () => {
  const endpoint = {
    id: "",
    url: "",
    events: [],
    enabled: true,
    failing_since: null,
    previous_secret_until: null,
    created_at: "",
  };

  it("is failing while nothing got through, and disabled whatever came before", () => {
    expect(endpointState(endpoint)).toBe("enabled");
    expect(endpointState({ ...endpoint, failing_since: "2026-01-01T00:00:00Z" })).toBe("failing");
    expect(endpointState({ ...endpoint, failing_since: "2026-01-01T00:00:00Z", enabled: false })).toBe("disabled");
  });
});

describe("what came of an attempt", () => {
  const attempt = { at: "", duration_seconds: 0.1 };

  it("is the status, the error, or both", () => {
    expect(attemptText({ ...attempt, status: 200, error: null })).toBe("answered 200");
    expect(attemptText({ ...attempt, status: 500, error: "busy" })).toBe("answered 500: busy");
    expect(attemptText({ ...attempt, status: null, error: "no route" })).toBe("no route");
    expect(attemptText({ ...attempt, status: null, error: null })).toBe("no answer");
  });
});
