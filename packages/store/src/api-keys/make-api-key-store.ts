import { type ApiKeyId, type ApiKeyView, type ApiScope, AppError, apiKeyId, type Page } from "@espalier/contracts";
import type { CursorCodec } from "../cursors/cursor.js";
import { olderThan } from "../cursors/older-than.js";
import type { Database } from "../database/connect.js";
import type { PageRequest } from "../endpoints/endpoint-store.js";
import type { ApiKey } from "../generated/client.js";
import { toPage } from "../views/page.js";
import type { ApiKeyStore, NewApiKey, StoredApiKey } from "./api-key-store.js";

/** Keys of the API in Postgres. */
export function makeApiKeyStore(database: Database, cursors: CursorCodec): ApiKeyStore {
  return {
    create: (key) => create(database, key),
    list: (page) => list(database, cursors, page),
    find: (id) => find(database, id),
    revoke: (id) => revoke(database, id),
    async markUsed(id) {
      await database.$executeRaw`
        UPDATE api_keys SET last_used_at = clock_timestamp()
        WHERE id = ${id} AND (last_used_at IS NULL OR last_used_at <= clock_timestamp() - interval '1 minute')`;
    },
    async hasAny() {
      return (await database.apiKey.findFirst({ select: { id: true } })) !== null;
    },
  };
}

/** Inserts unless the database's clock has passed the key's end. */
async function create(database: Database, key: NewApiKey): Promise<ApiKeyView> {
  const { id, name, scopes, expiresAt = null, secretHash } = key;
  const inserted = await database.$executeRaw`
    INSERT INTO api_keys (id, name, scopes, secret_hash, expires_at)
    SELECT ${id}, ${name}, ${[...scopes]}::text[], ${Buffer.from(secretHash)}, ends.at
    FROM (SELECT ${expiresAt}::timestamptz AS at) AS ends
    WHERE ends.at IS NULL OR ends.at > clock_timestamp()`;
  if (inserted === 0) {
    const detail = `${expiresAt} has passed; a key must end in the future.`;
    throw new AppError("VALIDATION_FAILED", detail, { errors: [{ detail, pointer: "/expires_at" }] });
  }
  return view(await database.apiKey.findUniqueOrThrow({ where: { id } }));
}

/** Ids begin with their time of creation, so they are the order. */
async function list(database: Database, cursors: CursorCodec, page: PageRequest): Promise<Page<ApiKeyView>> {
  const identity = { list: "api-keys" };
  const rows = await database.apiKey.findMany({
    where: olderThan(cursors, identity, page.cursor),
    orderBy: { id: "desc" },
    take: page.limit + 1,
  });
  const found = toPage(rows, page.limit, ({ id }) => cursors.encode(identity, [id]));
  return { ...found, data: found.data.map(view) };
}

async function find(database: Database, id: ApiKeyId): Promise<StoredApiKey | undefined> {
  const [row] = await database.$queryRaw<(StoredApiKey & { scopes: ApiScope[] })[]>`
    SELECT scopes, secret_hash AS "secretHash", revoked_at IS NOT NULL AS revoked,
      (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::float8 AS "expiresInMs",
      (extract(epoch FROM clock_timestamp() - last_used_at) * 1000)::float8 AS "unmarkedMs"
    FROM api_keys WHERE id = ${id}`;
  return row;
}

async function revoke(database: Database, id: ApiKeyId): Promise<void> {
  const known = await database.$executeRaw`
    UPDATE api_keys SET revoked_at = coalesce(revoked_at, clock_timestamp()) WHERE id = ${id}`;
  if (known === 0) throw new AppError("API_KEY_NOT_FOUND", `No API key '${id}'. List them with GET /v1/api-keys.`);
}

const view = ({ id, name, scopes, createdAt, expiresAt, revokedAt, lastUsedAt }: ApiKey): ApiKeyView => ({
  id: apiKeyId.parse(id),
  name,
  scopes: scopes as ApiScope[],
  created_at: createdAt.toISOString(),
  expires_at: expiresAt?.toISOString() ?? null,
  revoked_at: revokedAt?.toISOString() ?? null,
  last_used_at: lastUsedAt?.toISOString() ?? null,
});
