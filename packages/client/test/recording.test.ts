import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataOf, makeClient, type RecordedAnswer, recording, replaying, type Send } from "../src/index.js";

const job = "job_1";
const url = "http://service.test";
const replayed = (answers: readonly RecordedAnswer[]) =>
  makeClient({ url: "http://report.test", send: replaying(answers) });

/** A service that says what it was asked for; what ends in 9 it refuses. */
const echo: Send = async (request) => {
  const { pathname, search } = new URL(request.url);
  return Response.json({ pathname, search }, { status: pathname.endsWith("9") ? 404 : 200 });
};

const layers = (client: ReturnType<typeof replayed>, id: string, trial: number) =>
  client.GET("/v1/jobs/{id}/layers", { params: { path: { id }, query: { trial } } });

describe("a recording", () => {
  it("answers as the service did, to the same questions, refusals too", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.nat(20))), async (asked) => {
        const answers: RecordedAnswer[] = [];
        const live = makeClient({ url, send: recording(echo, answers) });
        const ask = (client: typeof live) =>
          Promise.all(
            asked.map(([id, trial]) =>
              Promise.all([
                dataOf(layers(client, id, trial)),
                client
                  .GET("/v1/jobs/{id}/trials/{number}", { params: { path: { id, number: trial } } })
                  .catch(({ status }) => status),
              ]),
            ),
          );
        const first = JSON.stringify(await ask(live));
        // What was sent travels as JSON.
        const kept = JSON.parse(JSON.stringify(answers)) as RecordedAnswer[];
        expect(JSON.stringify(await ask(replayed(kept)))).toBe(first);
      }),
      { numRuns: 30 },
    );
  });

  it("refuses what was not asked, and asks nobody", async () => {
    const answers: RecordedAnswer[] = [];
    await layers(makeClient({ url, send: recording(echo, answers) }), job, 1);
    const client = replayed(answers);
    await expect(layers(client, job, 2)).rejects.toMatchObject({ status: 404, problem: { code: "NOT_FOUND" } });
    await expect(client.POST("/v1/jobs/{id}/cancel", { params: { path: { id: job } } })).rejects.toMatchObject({
      message: expect.stringContaining("POST /v1/jobs/job_1/cancel"),
    });
  });

  it("gives the points that it has, however many a chart would like", async () => {
    const answers: RecordedAnswer[] = [];
    const history = (client: ReturnType<typeof replayed>, points: number) =>
      dataOf(client.GET("/v1/jobs/{id}/history", { params: { path: { id: job }, query: { points } } }));
    const kept = await history(makeClient({ url, send: recording(echo, answers) }), 500);
    expect(await history(replayed(answers), 77)).toEqual(kept);
  });
});
