import { randomBytes } from "node:crypto";
import type { EndpointId } from "@espalier/contracts";
import { startTestDatabase } from "@espalier/embedded";
import { openStore, type Store } from "@espalier/store";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newJob, SECRET } from "./support/jobs.js";

const OTHER_SECRET = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];

/** The service before its key was changed, after it, and after the previous key was forgotten. */
let before: Store;
let after: Store;
let without: Store;
let sql: pg.Pool;

beforeAll(async () => {
  const { url: databaseUrl } = await startTestDatabase();
  sql = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  before = openStore({ databaseUrl, encryptionKey: oldKey });
  after = openStore({ databaseUrl, encryptionKey: newKey, previousEncryptionKeys: [oldKey] });
  without = openStore({ databaseUrl, encryptionKey: newKey });
});
afterAll(async () => {
  for (const store of [before, after, without]) await store?.close();
  await sql?.end();
});

const url = "https://a.test/hook";
const create = async (store: Store): Promise<EndpointId> =>
  (await store.endpoints.create({ url, events: ["job.failed"], secret: SECRET })).id;

/** The secrets that a test message of the endpoint would be signed with. */
async function secretsOf(store: Store, id: EndpointId): Promise<readonly string[] | undefined> {
  const message = (await store.endpoints.test(id)).id;
  const due = await store.deliveries.claim(message, 30);
  const attempt = { status: 204, error: null, durationSeconds: 0.1 };
  await store.deliveries.settle(message, attempt, { delivered: true, retryInSeconds: null });
  return due?.secrets;
}

describe("a changed encryption key", () => {
  it("opens what the previous one sealed while that is listed, and nothing without it", async () => {
    const id = await create(before);
    expect(await secretsOf(after, id)).toEqual([SECRET]);
    expect(await secretsOf(without, id)).toEqual([]);
  });

  it("is not hindered by a secret that nothing opens: the other one signs, and rotating mends the endpoint", async () => {
    const id = await create(before);
    await without.endpoints.rotateSecret(id, OTHER_SECRET);
    expect(await secretsOf(without, id)).toEqual([OTHER_SECRET]);
  });

  it("seals all secrets anew, so that the previous one can go", async () => {
    const [endpoint, rotated] = [await create(before), await create(before)];
    await before.endpoints.rotateSecret(rotated, OTHER_SECRET);
    const hook = { url, events: ["job.cancelled" as const], secret: SECRET };
    const { id: job } = await before.jobs.create(newJob({}, { webhooks: [hook] }));
    expect((await without.secrets.reseal()).unreadable).toBeGreaterThanOrEqual(4);
    const resealed = await Promise.all([after.secrets.reseal(), after.secrets.reseal()]);
    expect(resealed.map(({ unreadable }) => unreadable)).toEqual([0, 0]);
    expect(await after.secrets.reseal()).toEqual({ resealed: 0, unreadable: 0 });

    expect(await secretsOf(without, endpoint)).toEqual([SECRET]);
    expect(await secretsOf(without, rotated)).toEqual([OTHER_SECRET, SECRET]);
    await before.jobs.cancel(job);
    const { rows } = await sql.query("SELECT id FROM deliveries WHERE job_id = $1", [job]);
    expect((await without.deliveries.claim(rows[0].id, 30))?.secrets).toEqual([SECRET]);
    expect(await secretsOf(before, endpoint)).toEqual([]);
  });

  it("seals anew however many there are, past those that nothing opens", async () => {
    const lost = openStore({ databaseUrl: String(sql.options.connectionString), encryptionKey: randomBytes(32) });
    const alien = await create(lost);
    await lost.close();
    const { id: job } = await before.jobs.create(newJob({}, { webhooks: [{ url, events: [], secret: SECRET }] }));
    await sql.query(
      "INSERT INTO job_webhooks (job_id, url, events, secret) SELECT job_id, url, events, secret FROM job_webhooks, generate_series(1, 450) WHERE job_id = $1",
      [job],
    );
    expect(await after.secrets.reseal()).toEqual({ resealed: 451, unreadable: 1 });
    await after.endpoints.remove(alien);
  });

  it("accepts cursors that the previous one signed while that is listed", async () => {
    await create(before);
    await create(before);
    const { next_cursor } = await before.endpoints.list({ limit: 1 });
    const page = { limit: 1, cursor: next_cursor ?? "" };
    expect(await after.endpoints.list(page)).toMatchObject({ data: [{ url }] });
    await expect(without.endpoints.list(page)).rejects.toMatchObject({ code: "CURSOR_INVALID" });
    const { next_cursor: fresh } = await after.endpoints.list({ limit: 1 });
    await expect(without.endpoints.list({ limit: 1, cursor: fresh ?? "" })).resolves.toBeDefined();
  });
});

describe("a previous webhook secret", () => {
  it("is removed when its day is over, and not before", async () => {
    const [ended, current] = [await create(after), await create(after)];
    for (const id of [ended, current]) await after.endpoints.rotateSecret(id, OTHER_SECRET);
    await sql.query("UPDATE webhook_endpoints SET previous_secret_until = now() WHERE id = $1", [ended]);
    expect(await after.secrets.dropEnded()).toBe(1);
    expect(await after.secrets.dropEnded()).toBe(0);
    const { rows } = await sql.query(
      "SELECT previous_secret IS NULL AS gone FROM webhook_endpoints WHERE id = ANY ($1) ORDER BY id",
      [[ended, current]],
    );
    expect(rows).toEqual([{ gone: true }, { gone: false }]);
    expect((await after.endpoints.get(ended)).previous_secret_until).toBeNull();
    expect(await secretsOf(after, current)).toEqual([OTHER_SECRET, SECRET]);
  });
});
