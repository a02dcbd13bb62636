import { type JobView, newJobId } from "@espalier/contracts";
import { openQueues } from "@espalier/queues";
import { describe, expect, it } from "vitest";
import { hasRedisServer } from "../../packages/queues/test/support/redis-server.js";
import { expectInvariants } from "./expect-invariants.js";
import { type Client, makeClient } from "./harness/client.js";
import { faultJob } from "./harness/fault-job.js";
import { inPlace } from "./harness/in-place.js";
import type { Place } from "./harness/place.js";

const queues = hasRedisServer ? (["postgres", "redis"] as const) : (["postgres"] as const);

const QUEUED = 10_000;

/** Stages and trials of one `faultJob`: its owner gets a turn for each. */
const TURNS = 7;

async function clientWithKey({ client }: Place, name: string): Promise<Client & { readonly keyId: string }> {
  const body = JSON.stringify({ name, scopes: ["jobs:read", "jobs:write"] });
  const made = await client.call<{ key: string; api_key: { id: string } }>("/v1/api-keys", { method: "POST", body });
  return { ...makeClient(client.url, made.body.key), keyId: made.body.api_key.id };
}

async function submit(client: Client): Promise<JobView> {
  const answer = await client.call<{ job: JobView }>("/v1/jobs", { method: "POST", body: JSON.stringify(faultJob()) });
  expect(answer.status).toBe(202);
  return answer.body.job;
}

/** As if its owner had submitted the job so many times more: rows, first events and messages. */
async function multiply(place: Place, id: string): Promise<void> {
  const ids = Array.from({ length: QUEUED }, newJobId);
  await place.database.query(
    `WITH copies AS (
       INSERT INTO jobs (id, spec, trial_budget, parallelism, api_key_id, event_sequence)
       SELECT copy, spec, trial_budget, parallelism, api_key_id, 1 FROM jobs, unnest($2::text[]) AS copy WHERE id = $1
       RETURNING id)
     INSERT INTO events (job_id, sequence, type, data) SELECT id, 1, 'job.queued', '{"state":"queued"}' FROM copies`,
    [id, ids],
  );
  const backend = place.redis === undefined ? { databaseUrl: place.database.url } : { redisUrl: place.redis.url };
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const messages = await openQueues({ ...backend, logger: silent });
  for (let from = 0; from < ids.length; from += 100) {
    await Promise.all(ids.slice(from, from + 100).map((job_id) => messages.enqueue("profile", { job_id })));
  }
  await messages.close();
}

/** Jobs of a key that were begun before an instant. */
async function begunBefore({ database }: Place, keyId: string, instant: string | null): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM jobs WHERE api_key_id = $1 AND started_at < $2::timestamptz",
    [keyId, instant],
  );
  return row?.count ?? -1;
}

describe("row 18: ten thousand jobs queued by one key", { timeout: 600_000 }, () => {
  it.each(queues)("messages in %s: another key's job is next, and gets every other turn", (queue) =>
    inPlace({ queue }, async (place) => {
      const many = await clientWithKey(place, "many");
      const few = await clientWithKey(place, "few");
      const first = await submit(many);
      expect(first.api_key_id).toBe(many.keyId);
      await multiply(place, first.id);
      const { id } = await submit(few);
      await place.startWorker();
      const job = await place.finished(id);
      expect(job).toMatchObject({ state: "succeeded", api_key_id: few.keyId });
      // One of theirs may have been in hand already.
      expect(await begunBefore(place, many.keyId, job.started_at)).toBeLessThanOrEqual(1);
      expect(await begunBefore(place, many.keyId, job.finished_at)).toBeLessThanOrEqual(2 * TURNS);
      await expectInvariants(place, { mayRun: true });
    }),
  );
});
