import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { Database } from "../harness/database.js";
import type { Observed } from "../harness/place.js";

const MAX_TEXT_BYTES = 1_000_000;

/** 9: no secret in any log, metric, answer of the API, column of a table, message of a queue or file of an artefact. */
export async function noSecrets(place: Observed): Promise<readonly string[]> {
  const { secrets, client, logs, metrics, dataDir, database, redis } = place;
  const needles = secrets.flatMap((secret) => [secret, ...asBytes(secret)]);
  const texts: readonly (readonly [string, string])[] = [
    ["a log", logs()],
    ["a metric", await metrics()],
    ["an answer of the API", client.bodies().join("\n")],
    ["an artefact", textsBelow(join(dataDir, "artifacts"))],
    ["Redis", redis === undefined ? "" : await everythingIn(redis.url)],
  ];
  const seen = texts.flatMap(([where, text]) => needles.filter((needle) => text.includes(needle)).map(() => where));
  return [...seen, ...(await tablesWith(database, needles))].map((where) => `a secret stands in ${where}`);
}

/** As Postgres writes bytes: of the text, and of what it encodes in base64. */
const asBytes = (secret: string): readonly string[] =>
  [Buffer.from(secret), Buffer.from(secret, "base64")].map((bytes) => bytes.toString("hex"));

function textsBelow(folder: string): string {
  if (!existsSync(folder)) return "";
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return paths
    .filter((path) => statSync(path).size <= MAX_TEXT_BYTES)
    .map((path) => readFileSync(path, "latin1"))
    .join("\n");
}

/** Every table of every schema, the queue's too, whole rows as text. */
async function tablesWith(database: Database, needles: readonly string[]): Promise<readonly string[]> {
  const tables = await database.query<{ name: string }>(`
    SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`);
  const found: string[] = [];
  for (const { name } of tables) {
    const hit = await database.query(
      `SELECT 1 FROM ${name} AS t, unnest($1::text[]) AS needle
       WHERE position(needle IN row_to_json(t)::text) > 0 LIMIT 1`,
      [needles],
    );
    if (hit.length > 0) found.push(`table ${name}`);
  }
  return found;
}

/** Messages are hashes; the other kinds hold ids and numbers. */
async function everythingIn(url: string): Promise<string> {
  const client = new Redis(url);
  try {
    const texts: string[] = [];
    for (const key of await client.keys("*")) {
      texts.push(key, (await client.type(key)) === "hash" ? JSON.stringify(await client.hgetall(key)) : "");
    }
    return texts.join("\n");
  } finally {
    client.disconnect();
  }
}
