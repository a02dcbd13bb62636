import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobCount, problemOf, smallJob, startService, type TestService } from "./support/service.js";

/** What is wrong, how the body differs from a good one, the error's code, and where it points. */
const cases: readonly (readonly [what: string, changes: object, code: string, pointer: string])[] = [
  ["a missing model", { model: { path: "stories26K" } }, "MODEL_NOT_FOUND", "/model/path"],
  ["a model outside the roots", { model: { path: "../../etc" } }, "PATH_OUTSIDE_ROOTS", "/model/path"],
  ["an encoded way out", { model: { path: "%2e%2e/x" } }, "PATH_OUTSIDE_ROOTS", "/model/path"],
  ["a path with NUL", { model: { path: "a\u0000b" } }, "VALIDATION_FAILED", "/model/path"],
  ["a name that is no text", { name: "a\ud800" }, "VALIDATION_FAILED", "/name"],
  ["a label that is no text", { labels: { a: "\u0000" } }, "VALIDATION_FAILED", "/labels/a"],
  ["a missing corpus", { calibration: { corpus: "none.txt" } }, "CORPUS_NOT_FOUND", "/calibration/corpus"],
  ["a corpus outside", { calibration: { corpus: "/etc/passwd" } }, "PATH_OUTSIDE_ROOTS", "/calibration/corpus"],
  ["a missing scoring corpus", { scoring: [{ corpus: "none.txt" }] }, "CORPUS_NOT_FOUND", "/scoring/0/corpus"],
  ["a missing report corpus", { report: { corpus: "none.txt" } }, "CORPUS_NOT_FOUND", "/report/corpus"],
  [
    "a corpus shorter than asked",
    { calibration: { corpus: "tinystories-train.txt", samples: 50_000 } },
    "CORPUS_TOO_SHORT",
    "/calibration",
  ],
  [
    "overlapping splits",
    { report: { corpus: "tinystories-valid.txt", windows: 8, sequence_length: 64, skip_windows: 4 } },
    "SPLITS_OVERLAP",
    "/report",
  ],
  ["sparsity 0", { target: { sparsity: 0 } }, "VALIDATION_FAILED", "/target/sparsity"],
  ["sparsity 1", { target: { sparsity: 1 } }, "VALIDATION_FAILED", "/target/sparsity"],
  ["sparsity 1 in a list", { target: { sparsity: [0.2, 1] } }, "VALIDATION_FAILED", "/target/sparsity/1"],
  ["a sparsity twice", { target: { sparsity: [0.2, 0.2] } }, "VALIDATION_FAILED", "/target/sparsity/1"],
  ["a sparsity out of reach", { target: { sparsity: 0.95 } }, "SPARSITY_UNREACHABLE", "/target/sparsity"],
  ["an unknown key", { sparsity: 0.2 }, "VALIDATION_FAILED", "/sparsity"],
  ["an unknown key inside", { target: { sparsity: 0.2, "a/b": 1 } }, "VALIDATION_FAILED", "/target/a~1b"],
  ["an unknown key in a list", { scoring: [{ wat: 1 }] }, "VALIDATION_FAILED", "/scoring/0/wat"],
  ["an unknown metric", { search: { metrics: ["taylor_second", "wat"] } }, "VALIDATION_FAILED", "/search/metrics/1"],
  ["an unknown parameter", { search: { space: { wat: 1 } } }, "VALIDATION_FAILED", "/search/space/wat"],
  ["an unknown preset", { search: { preset: "wat" } }, "VALIDATION_FAILED", "/search/preset"],
  [
    "a uniform export of a free layout",
    { export: { profiles: ["uniform"] } },
    "VALIDATION_FAILED",
    "/export/profiles/0",
  ],
  [
    "a webhook to this machine",
    { webhooks: [{ url: "https://127.1/hook" }] },
    "WEBHOOK_URL_REFUSED",
    "/webhooks/0/url",
  ],
  ["a webhook in clear text", { webhooks: [{ url: "http://example.com/" }] }, "WEBHOOK_URL_REFUSED", "/webhooks/0/url"],
  ["a missing target", { target: undefined }, "VALIDATION_FAILED", "/target"],
  ["a number as text", { search: { trials: "60" } }, "VALIDATION_FAILED", "/search/trials"],
];

describe("POST /v1/jobs refuses, with 422 and a JSON pointer", () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  it.each(cases)("%s", async (_what, changes, code, pointer) => {
    const response = await service.post("/v1/jobs", { ...smallJob, ...changes });
    expect(response.statusCode).toBe(422);
    expect(response.headers["content-type"]).toBe("application/problem+json");
    const problem = problemOf(response);
    expect(problem).toMatchObject({ code, status: 422, type: `urn:espalier:error:${code}`, instance: "/v1/jobs" });
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it("and stores and enqueues nothing", async () => {
    expect(await jobCount(service)).toBe(0);
    expect((await service.store.reconciliation.dueWork(10)).profile).toEqual([]);
  });
});
