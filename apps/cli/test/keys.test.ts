import { createApiKeyAnswer, parseApiKey } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../api/test/support/keys.js";
import { startService, type TestService } from "../../api/test/support/service.js";
import { runEspalier } from "./support/run-espalier.js";

describe("espalier keys", () => {
  let service: TestService;
  let url: string;
  beforeAll(async () => {
    service = await startService({ apiKey: ROOT });
    url = await service.app.listen({ host: "127.0.0.1", port: 0 });
  });
  afterAll(() => service?.close());

  const espalier = (flags: readonly string[], env: Record<string, string> = {}) =>
    runEspalier(flags, { ESPALIER_URL: url, ESPALIER_API_KEY: ROOT, ...env });

  it("makes a key that other commands use, lists and revokes it", async () => {
    const { stdout } = await espalier(["keys", "create", "--name", "ci", "--scopes", "jobs:read, jobs:write"]);
    const key = stdout.trim();
    const id = String(parseApiKey(key)?.id);
    const withKey = { ESPALIER_API_KEY: key };
    expect((await espalier(["jobs", "--json"], withKey)).stdout).toContain('"data": []');
    await expect(espalier(["keys", "list"], withKey)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("This needs the scope 'admin'; the key has jobs:read, jobs:write."),
    });

    const listed = (await espalier(["keys", "list"])).stdout;
    expect(listed).toContain(id);
    expect(listed).toContain("jobs:read, jobs:write");
    expect(listed).not.toContain(key);
    expect((await espalier(["keys", "revoke", id])).stdout).toBe(`${id} revoked\n`);
    await expect(espalier(["jobs"], withKey)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("This key was revoked."),
    });
  });

  it("prints one JSON document on request", async () => {
    const before = Date.now();
    const flags = ["--name", "day", "--scopes", "artifacts:read", "--expires", "1d", "--json"];
    const made = createApiKeyAnswer.parse(JSON.parse((await espalier(["keys", "create", ...flags])).stdout));
    expect(Date.parse(made.api_key.expires_at ?? "")).toBeGreaterThanOrEqual(before + 24 * 3_600_000);
    const listed = JSON.parse((await espalier(["keys", "list", "--limit", "1", "--json"])).stdout);
    expect(listed.data).toEqual([made.api_key]);
    const revoked = await espalier(["keys", "revoke", made.api_key.id, "--json"]);
    expect(JSON.parse(revoked.stdout)).toEqual({ id: made.api_key.id, revoked: true });
  });

  it.each([
    ["a scope that there is not", ["keys", "create", "--name", "a", "--scopes", "all"], {}, /'all' is not one of/],
    ["a time that is none", ["keys", "create", "--name", "a", "--scopes", "admin", "--expires", "soon"], {}, /'soon'/],
    ["a key that there is not", ["keys", "revoke", "key_1"], {}, /No such API key/],
    ["no key", ["jobs"], { ESPALIER_API_KEY: "" }, /A valid API key is needed/],
    ["a key that cannot be one", ["jobs"], { ESPALIER_API_KEY: "short" }, /ESPALIER_API_KEY is shorter/],
    ["an address that is none", ["jobs"], { ESPALIER_URL: "localhost:8080" }, /ESPALIER_URL is not an http:\/\/ URL/],
    ["a variable that is misspelt", ["jobs"], { ESPALIER_APIKEY: "x" }, /Closest known variable: ESPALIER_API_KEY/],
  ])("ends with 2 for %s", async (_, flags, env, message) => {
    await expect(espalier(flags, env)).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  });
});
