import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";

/** Type numbers (pg_type.oid) that adapter-pg can read; the catalogues hold others. */
const READABLE = new Set([
  16, 17, 19, 20, 21, 23, 25, 26, 114, 199, 700, 701, 1000, 1001, 1003, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022,
  1028, 1042, 1043, 1082, 1083, 1114, 1115, 1182, 1183, 1184, 1185, 1231, 1700, 2950, 2951, 3802, 3807,
]);
const CHAR = 18; // the catalogues' one-byte "char"
const CHAR_ARRAY = 1002;
const TEXT = 25;
const TEXT_ARRAY = 1009;
const FIRST_USER_TYPE = 16_384;

/** Stands in where no database is needed, as for `generate`. */
const NO_DATABASE = "postgresql://unused:unused@127.0.0.1:1/unused";

/** The schema engine's way to Postgres: adapter-pg, mended where the engine needs more than the client does. */
export function makeAdapterFactory(url) {
  const { pool, schema } = connectionOf(url ?? NO_DATABASE);
  const connect = async (database = pool.database) =>
    mend(await new PrismaPg({ ...pool, database }, { schema }).connect());
  return bindMigrationAwareSqlAdapterFactory({
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    connect: () => connect(),
    connectToShadowDb: () => connectToShadow(connect),
  });
}

/** Single fields, no connection string: that would win over `database` and send the shadow's SQL to the main database. */
function connectionOf(url) {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const isEncrypted = ["require", "no-verify"].includes(searchParams.get("sslmode") ?? "");
  return {
    schema: searchParams.get("schema") ?? undefined,
    pool: {
      host: decodeURIComponent(searchParams.get("host") ?? hostname),
      port: Number(port || 5432),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: decodeURIComponent(pathname.slice(1)),
      max: 1,
      ...(isEncrypted ? { ssl: { rejectUnauthorized: false } } : {}),
    },
  };
}

/** A database that lives as long as its connection: migrations are tried there. */
async function connectToShadow(connect) {
  const name = `prisma_migrate_shadow_db_${randomUUID()}`;
  const admin = await connect();
  await admin.executeScript(`CREATE DATABASE "${name}"`);
  const shadow = await connect(name);
  const dispose = shadow.dispose.bind(shadow);
  shadow.dispose = async () => {
    await dispose();
    await admin.executeScript(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    await admin.dispose();
  };
  return shadow;
}

function mend(adapter) {
  mendQueries(Object.getPrototypeOf(Object.getPrototypeOf(adapter)));
  // adapter-pg splits a script at every semicolon, also inside $$ … $$; Postgres takes it whole.
  adapter.executeScript = async (script) => {
    await adapter.underlyingDriver().query(script);
  };
  return adapter;
}

const mended = new WeakSet();

/** Lets queries (transactions share the prototype) return catalogue types that adapter-pg refuses (prisma/orm#27403). */
function mendQueries(prototype) {
  if (mended.has(prototype)) return;
  mended.add(prototype);
  const { performIO, queryRaw } = prototype;
  prototype.queryRaw = async function mendedQueryRaw(query) {
    const chars = [];
    const reading = async (io) => {
      const result = await performIO.call(this, io);
      for (const [index, field] of result.fields.entries()) {
        if (field.dataTypeID === CHAR) chars.push(index);
        field.dataTypeID = readableType(field.dataTypeID);
      }
      return result;
    };
    const result = await queryRaw.call(Object.create(this, { performIO: { value: reading } }), query);
    for (const index of chars) result.columnTypes[index] = ColumnTypeEnum.Character; // what the engine asks for
    return result;
  };
}

function readableType(type) {
  if (READABLE.has(type) || type >= FIRST_USER_TYPE) return type;
  return type === CHAR_ARRAY ? TEXT_ARRAY : TEXT;
}
