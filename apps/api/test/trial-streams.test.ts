import { once } from "node:events";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type JobId, newJobId, type TrialView, trialFields, trialQuery, trialView } from "@espalier/contracts";
import type { Views } from "@espalier/store";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ndjson, trialStream } from "../src/export/trial-stream.js";
import { playTrials, resultAt, settleProfile } from "./support/search-job.js";
import { problemOf, startService, type TestService } from "./support/service.js";

const space = [
  { name: "share", type: "float", low: -1, high: 1 },
  { name: "order", type: "categorical", choices: ["=1+1", 'say "a, b"', true, null] },
] as const;

const CSV = { accept: "text/csv" };
const NDJSON = { accept: "application/x-ndjson" };

const linesOf = (body: string): string[] => body.split("\r\n").slice(0, -1);
const trialsOf = (body: string): TrialView[] =>
  body
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

describe("all trials at once", () => {
  let service: TestService;
  let id: JobId;
  /** A job with many trials beside those that were played. */
  let large: JobId;
  const MANY = 2300;

  beforeAll(async () => {
    service = await startService();
    id = (await service.submit({ target: { sparsity: [0.5, 0.2] }, search: { trials: 6 } })).id;
    await settleProfile(service, id, space);
    const choices = [...space[1].choices, "plain"];
    await playTrials(
      service,
      id,
      choices.map((order, n) => ({
        params: n === 4 ? { share: -0.5, exchange: "8 4@17" } : { share: n / 4, order },
        origin: n === 4 ? "refinement" : "sampler",
        score: 3 - n,
        results: [resultAt(0.2, 5 + n, 800), resultAt(0.5, n === 1 ? null : 9, 500)],
      })),
    );
    large = (await service.submit({ search: { trials: MANY } })).id;
    await settleProfile(service, large, space);
    const client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
    await client.query(
      `INSERT INTO trials (job_id, number, state, origin, params, score)
       SELECT $1, n, CASE WHEN n % 10 = 0 THEN 'failed' ELSE 'completed' END, 'sampler',
         jsonb_build_object('share', n), CASE WHEN n % 10 > 0 THEN n % 100 END
       FROM generate_series(1, $2::int - 1) AS n`,
      [large, MANY],
    );
    await client.end();
  });
  afterAll(() => service.close());

  const get = (path: string, headers: Record<string, string>) => service.get(`/v1/jobs/${path}`, headers);

  it("come as CSV with a column for each parameter and result, quoted, and no formulas", async () => {
    const response = await get(`${id}/trials?fields=number,score,params,results`, CSV);
    expect(response.statusCode, response.body).toBe(200);
    expect(response.headers["content-type"]).toBe("text/csv; charset=utf-8; header=present");
    expect(response.headers["content-disposition"]).toBe(`attachment; filename="${id}-trials.csv"`);
    expect(response.headers.vary).toBe("Accept");
    const results = (sparsity: number): string =>
      ["achieved_sparsity", "parameters", "scoring_perplexity"].map((key) => `results.${sparsity}.${key}`).join();
    expect(linesOf(response.body)).toEqual([
      `number,score,params.share,params.order,params.exchange,${results(0.2)},${results(0.5)}`,
      "0,3,0,'=1+1,,0.2,800,5,0.5,500,9",
      '1,2,0.25,"say ""a, b""",,0.2,800,6,0.5,500,',
      "2,1,0.5,true,,0.2,800,7,0.5,500,9",
      "3,0,0.75,,,0.2,800,8,0.5,500,9",
      "4,-1,-0.5,,8 4@17,0.2,800,9,0.5,500,9",
      "5,,,,,,,,,,",
    ]);
  });

  it("have all columns unless some are asked for, parameters and results last", async () => {
    const [header = ""] = linesOf((await get(`${id}/trials`, CSV)).body);
    const scalars = trialFields.filter((field) => field !== "params" && field !== "results");
    expect(header.split(",").slice(0, scalars.length)).toEqual(scalars);
    expect(header.split(",").slice(scalars.length, scalars.length + 3)).toEqual([
      "params.share",
      "params.order",
      "params.exchange",
    ]);
    expect(linesOf((await get(`${id}/trials?fields=score,number`, CSV)).body)[1]).toBe("3,0");
  });

  it("come as one JSON document a line, each a whole trial", async () => {
    const response = await get(`${id}/trials`, NDJSON);
    expect(response.headers).toMatchObject({ "content-type": "application/x-ndjson", vary: "Accept" });
    const trials = trialsOf(response.body);
    expect(trials.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5]);
    for (const trial of trials) trialView.parse(trial);
  });

  it("are all there, filtered and sorted, whatever the limit", async () => {
    const numbers = async (query: string) =>
      trialsOf((await get(`${large}/trials?limit=1&fields=number,score&${query}`, NDJSON)).body);
    expect(await numbers("")).toHaveLength(MANY);
    const failed = await numbers("state=failed");
    expect(failed.map(({ number }) => number)).toEqual(
      Array.from({ length: Math.ceil(MANY / 10) - 1 }, (_, n) => 10 * (n + 1)),
    );
    const sorted = await numbers("sort=-score&max_score=50");
    expect(sorted).toHaveLength(new Set(sorted.map(({ number }) => number)).size);
    const scores = sorted.map(({ score }) => score ?? Number.NaN);
    expect(scores[0]).toBe(49);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it("can be sorted by a parameter, trials without it last", async () => {
    const trials = trialsOf((await get(`${id}/trials?sort=param:share`, NDJSON)).body);
    const shares = trials.map(({ params }) => Number(params?.["share"] ?? Number.POSITIVE_INFINITY));
    expect(shares).toHaveLength(6);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  it("are refused before anything is sent where they cannot be given", async () => {
    const missing = await get(`${newJobId()}/trials`, CSV);
    expect([missing.statusCode, problemOf(missing).code]).toEqual([404, "JOB_NOT_FOUND"]);
    const other = await get(`${id}/trials`, { accept: "image/png" });
    expect([other.statusCode, problemOf(other).code]).toEqual([406, "NOT_ACCEPTABLE"]);
  });

  it("are read no faster than the client takes them, and no more once it has gone", async () => {
    let reads = 0;
    const { views } = service.store;
    const counted: Pick<Views, "trialFields"> = {
      trialFields: (...args) => {
        reads++;
        return views.trialFields(...args);
      },
    };
    const stream = Readable.from(trialStream(counted, large, trialQuery.parse({}), ndjson));
    await once(stream, "readable");
    await sleep(100);
    expect(reads).toBeLessThanOrEqual(2);
    stream.destroy();
    await sleep(100);
    const before = reads;
    await sleep(100);
    expect(reads).toBe(before);
  });

  it("leave the service answering when clients go in the middle", async () => {
    const url = await service.app.listen({ host: "127.0.0.1", port: 0 });
    for (let n = 0; n < 15; n++) {
      const left = new AbortController();
      const response = await fetch(`${url}/v1/jobs/${large}/trials`, { headers: NDJSON, signal: left.signal });
      await response.body?.getReader().read();
      left.abort();
    }
    const whole = await fetch(`${url}/v1/jobs/${large}/trials`, { headers: CSV });
    expect(linesOf(await whole.text())).toHaveLength(MANY + 1);
  });
});
