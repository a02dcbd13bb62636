import { describe, expect, it } from "vitest";
import { dataOf, makeClient, ProblemError, type Send, UnreachableError } from "../src/index.js";

const EMPTY = { data: [], has_more: false, next_cursor: null };

const PROBLEM = {
  type: "urn:espalier:error:JOB_NOT_FOUND",
  title: "No such job",
  status: 404,
  detail: "There is no job job_1.",
  instance: "/v1/jobs/job_1",
  code: "JOB_NOT_FOUND",
  request_id: "req_1",
};

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });

/** A client, and the requests that it sends; the answers come one after the other, the last one for good. */
function clientOf(...answers: (() => Response)[]) {
  const sent: Request[] = [];
  const send: Send = async (request) => {
    sent.push(request);
    const give = answers[Math.min(sent.length, answers.length) - 1];
    return give();
  };
  return { client: makeClient({ url: "http://service.test", apiKey: "esp_key", send }), sent };
}

const job = { model: { path: "m" }, calibration: { corpus: "c" }, target: { sparsity: 0.2 } };
const busy = (status: number) => () => answer(status, {}, { "retry-after": "0" });

describe("the client", () => {
  it("sends the key, and encodes what is in a path", async () => {
    const { client, sent } = clientOf(() => answer(200, EMPTY));
    expect(await dataOf(client.GET("/v1/jobs", { params: { query: { limit: 1, label: "a:b c" } } }))).toEqual(EMPTY);
    expect(sent[0].headers.get("authorization")).toBe("Bearer esp_key");
    expect(new URL(sent[0].url).searchParams.get("label")).toBe("a:b c");
    const path = { id: "a/b", name: "native/config file.json" };
    await client.GET("/v1/jobs/{id}/artifacts/{name}", { params: { path }, parseAs: "stream" });
    expect(sent[1].url).toBe("http://service.test/v1/jobs/a%2Fb/artifacts/native/config%20file.json");
  });

  it("rejects with the problem that the service describes", async () => {
    const { client } = clientOf(() => answer(404, PROBLEM));
    const error = await client.GET("/v1/jobs/{id}", { params: { path: { id: "job_1" } } }).catch((found) => found);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ status: 404, problem: PROBLEM, message: "No such job. There is no job job_1." });
  });

  it("rejects with the status alone where something else answers", async () => {
    const { client } = clientOf(() => new Response("<html>", { status: 502 }));
    await expect(client.GET("/version")).rejects.toMatchObject({ status: 502, problem: undefined });
  });

  it.each([
    ["no object", "gone"],
    ["without its detail", { ...PROBLEM, detail: undefined }],
    ["with fields that are none", { ...PROBLEM, errors: [{ pointer: "/model" }] }],
  ])("takes no answer for a problem that is %s", async (_, body) => {
    const { client } = clientOf(() => answer(404, body));
    await expect(client.GET("/version")).rejects.toMatchObject({ status: 404, problem: undefined });
  });

  it.each([429, 503])("waits as it is told to after %i, and sends the same body again", async (status) => {
    const { client, sent } = clientOf(busy(status), busy(status), () => answer(202, { job: {} }));
    await client.POST("/v1/jobs", { body: job });
    expect(await Promise.all(sent.map((request) => request.json()))).toEqual([job, job, job]);
  });

  it("gives up after three attempts", async () => {
    const { client, sent } = clientOf(busy(429));
    await expect(client.GET("/v1/jobs")).rejects.toMatchObject({ status: 429 });
    expect(sent).toHaveLength(3);
  });

  it("sends a 503 without Retry-After again only where that does no harm", async () => {
    const unavailable = () => answer(503, {});
    const { client, sent } = clientOf(unavailable, () => answer(202, {}));
    await expect(client.POST("/v1/jobs", { body: job })).rejects.toMatchObject({ status: 503 });
    expect(sent).toHaveLength(1);
    const keyed = clientOf(unavailable, () => answer(202, {}));
    await keyed.client.POST("/v1/jobs", { params: { header: { "idempotency-key": "k" } }, body: job });
    expect(keyed.sent).toHaveLength(2);
  });

  it("says where nothing answers, once", async () => {
    let asked = 0;
    const send: Send = async () => {
      asked++;
      throw new TypeError("fetch failed");
    };
    const client = makeClient({ url: "http://service.test", send });
    await expect(client.GET("/version")).rejects.toBeInstanceOf(UnreachableError);
    expect(asked).toBe(1);
    expect(() => makeClient({ url: "nowhere" })).toThrow(UnreachableError);
  });
});
