#!/usr/bin/env node
// Prisma "schema-engine" stand-in: same JSON-RPC-over-stdio protocol as the native binary, backed by
// @prisma/schema-engine-wasm + @prisma/adapter-pg (both plain npm packages). Needs no download.
// Use: PRISMA_SCHEMA_ENGINE_BINARY=./scripts/schema-engine.mjs prisma migrate deploy
import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const require = createRequire(import.meta.url);
const wasmDir = new URL(".", "file://" + require.resolve("@prisma/schema-engine-wasm"));
const pkg = JSON.parse(readFileSync(new URL("package.json", wasmDir), "utf8"));
const argv = process.argv.slice(2);
if (argv.includes("--version")) {
  console.log(`schema-engine-wasm ${pkg.version}`);
  process.exit(0);
}

const { values, positionals } = parseArgs({
  args: argv,
  allowPositionals: true,
  strict: false,
  options: {
    datamodels: { type: "string", multiple: true },
    datasource: { type: "string" },
    "enabled-preview-features": { type: "string" },
    "extension-types": { type: "string" },
  },
});
const url = values.datasource ? JSON.parse(values.datasource).url : undefined;
const log = (level, fields) =>
  writeSync(
    2,
    JSON.stringify({ timestamp: new Date().toISOString(), level, fields, target: "schema_engine::logger" }) + "\n",
  );

if (positionals[0] === "cli") await cli(positionals[1]);
else await serve();

async function cli(cmd) {
  // used by `migrate dev`/`db push` to probe for and create the database
  const { default: pg } = await import("pg");
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  log("INFO", { message: "Starting schema engine CLI" }); // prisma skips the first stderr line
  const fail = (code, message) => {
    log("ERROR", { is_panic: false, error_code: code, message });
    process.exit(1);
  };
  if (cmd === "create-database") target.pathname = "/postgres";
  const c = new pg.Client({ connectionString: String(target) });
  c.on("error", () => {}); // the FATAL arrives twice: as a rejection and as an event
  try {
    await c.connect();
    if (cmd === "create-database") await c.query(`CREATE DATABASE ${c.escapeIdentifier(name)}`);
    else await c.query("select 1");
    await c.end();
    process.exit(0);
  } catch (e) {
    if (e.code === "3D000") fail("P1003", `Database \`${name}\` does not exist`);
    if (e.code === "42P04") fail("P1009", `Database \`${name}\` already exists`);
    if (e.code === "28P01" || e.code === "28000") fail("P1000", "Authentication failed against the database server");
    fail("P1001", `Can't reach database server at \`${target.host}\`: ${e.message}`);
  }
}

async function loadWasm() {
  const bg = await import(new URL("schema_engine_bg.js", wasmDir));
  const { instance } = await WebAssembly.instantiate(readFileSync(new URL("schema_engine_bg.wasm", wasmDir)), {
    "./schema_engine_bg.js": bg,
  });
  bg.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bg.SchemaEngine;
}

async function makeAdapter() {
  const [{ PrismaPg }, utils, { default: pg }] = await Promise.all([
    import("@prisma/adapter-pg"),
    import("@prisma/driver-adapter-utils"),
    import("pg"),
  ]);
  const KNOWN = new Set([
    16, 17, 114, 3802, 1082, 1083, 1114, 1184, 1700, 2950, 199, 2951, 1182, 1183, 1115, 1185, 1231, 3807, 19, 20, 21,
    23, 25, 26, 700, 701, 1042, 1043, 1000, 1001, 1003, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022, 1028,
  ]);
  const u = new URL(url ?? "postgresql://unused:unused@127.0.0.1:1/unused");
  const schema = u.searchParams.get("schema") ?? undefined;
  // Discrete fields, not connectionString: a connection string would win over `database` and send the shadow database's SQL to the main one.
  const base = {
    host: decodeURIComponent(u.searchParams.get("host") ?? u.hostname),
    port: Number(u.port || 5432),
    user: decodeURIComponent(u.username),
    password: decodeURIComponent(u.password),
    database: decodeURIComponent(u.pathname.slice(1)),
    max: 1,
    ssl: ["require", "no-verify"].includes(u.searchParams.get("sslmode")) ? { rejectUnauthorized: false } : undefined,
  };
  const whole = (a) => {
    const proto = Object.getPrototypeOf(Object.getPrototypeOf(a)); // PgQueryable: shared with transactions
    if (!proto.patched) {
      proto.patched = true;
      const { performIO, queryRaw } = proto;
      proto.queryRaw = async function (query) {
        // adapter-pg rejects catalog types such as "char" (oid 18; prisma/orm#27403); the describer wants Character there
        const chars = [];
        const self = Object.create(this, {
          performIO: {
            value: async (q) => {
              const r = await performIO.call(this, q);
              r.fields.forEach((f, i) => {
                if (f.dataTypeID === 18) chars.push(i);
                if (f.dataTypeID < 16384 && !KNOWN.has(f.dataTypeID)) f.dataTypeID = f.dataTypeID === 1002 ? 1009 : 25;
              });
              return r;
            },
          },
        });
        const out = await queryRaw.call(self, query);
        for (const i of chars) out.columnTypes[i] = utils.ColumnTypeEnum.Character;
        return out;
      };
    }
    a.executeScript = async (script) => {
      await a.underlyingDriver().query(script);
    };
    return a;
  }; // adapter-pg splits at every ';', also inside $$..$$
  const connect = async (database = base.database) =>
    whole(await new PrismaPg({ ...base, database }, { schema }).connect());
  const factory = {
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    connect: () => connect(),
    async connectToShadowDb() {
      const name = `prisma_migrate_shadow_db_${globalThis.crypto.randomUUID()}`;
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
    },
  };
  return utils.bindMigrationAwareSqlAdapterFactory(factory);
}

async function serve() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    message: "",
    set_message(m) {
      this.message = m;
    },
  };
  process.on("uncaughtException", (e) => {
    log("ERROR", {
      is_panic: true,
      message: globalThis.PRISMA_WASM_PANIC_REGISTRY.message || e.message,
      backtrace: e.stack,
    });
    process.exit(101);
  });
  const SchemaEngine = await loadWasm();
  const adapter = await makeAdapter();
  let engine;
  const datamodels = (values.datamodels ?? []).map((p) => [p, readFileSync(p, "utf8")]);
  const alias = { getDatabaseVersion: "version" };
  let inflight = 0,
    ended = false;
  const maybeExit = () => {
    if (ended && !inflight) process.exit(0);
  };
  const send = (o) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...o }) + "\n");
  const rl = createInterface({ input: process.stdin, crlfDelay: Infinity });
  rl.on("close", () => {
    ended = true;
    maybeExit();
  });
  rl.on("line", async (line) => {
    if (!line.trim()) return;
    const { id, method, params } = JSON.parse(line);
    if (!method) return; // reply to a `print`
    inflight++;
    try {
      engine ??= await SchemaEngine.new(
        {
          datamodels: datamodels.length
            ? datamodels
            : [["schema.prisma", 'datasource db {\n  provider = "postgresql"\n}\n']],
        },
        (m) => log("INFO", { message: String(m) }),
        adapter,
      );
      const result = await engine[alias[method] ?? method](params);
      if (method === "diff" && result?.stdout)
        send({ id: 1e6 + id, method: "print", params: { content: result.stdout } });
      send({ id, result: result ?? null });
    } catch (e) {
      if (process.env.SE_DEBUG)
        console.error("RAW", e, Object.entries(e), globalThis.PRISMA_WASM_PANIC_REGISTRY.message);
      const panic = globalThis.PRISMA_WASM_PANIC_REGISTRY.message;
      let message = e.message ?? String(e);
      const ref = /External error id#(\d+)/.exec(message);
      const cause = ref && adapter.errorRegistry.consumeError(Number(ref[1]))?.error; // the database's own error is kept on this side
      if (cause) message = `${cause.cause?.originalMessage ?? cause.message}\n${message}`;
      const error_code = e.code,
        meta = e.meta;
      send({
        id,
        error: {
          code: 4466,
          message: "An error happened. Check the data field for details.",
          data: { is_panic: !!panic, message: panic || message, error_code, meta },
        },
      });
    } finally {
      inflight--;
      maybeExit();
    }
  });
}
