import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assertDescribed } from "./support/as-described.js";
import { startService, type TestService } from "./support/service.js";

/** The check that all tests of this API put their answers through. */
describe("an answer that the OpenAPI description does not allow", () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  it("fails the test that got it: a status, a media type, a body", async () => {
    const list = await service.get("/v1/jobs");
    const changed = (change: object) => () =>
      assertDescribed("GET", "/v1/jobs?limit=1", { ...list, ...change } as typeof list);
    expect(changed({})).not.toThrow();
    expect(changed({ statusCode: 201 })).toThrow("does not describe");
    expect(changed({ headers: { "content-type": "text/plain" } })).toThrow("as text/plain");
    expect(changed({ json: () => ({ data: [] }) })).toThrow("has_more");
  });
});
