#!/usr/bin/env node
// Stand-in for Prisma's native schema engine, for machines that reach npm and nothing else. It speaks the engine's
// JSON-RPC over stdio, backed by @prisma/schema-engine-wasm and @prisma/adapter-pg, both pinned to Prisma's version:
// move all together. prisma.config.ts names it in PRISMA_SCHEMA_ENGINE_BINARY when no native engine was fetched.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runDatabaseCommand } from "./schema-engine/database-commands.mjs";
import { engineVersion } from "./schema-engine/load-wasm.mjs";
import { serve } from "./schema-engine/serve.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false, // the command line may pass options of newer engines
  options: {
    version: { type: "boolean" },
    datamodels: { type: "string", multiple: true },
    datasource: { type: "string" },
    "enabled-preview-features": { type: "string" },
    "extension-types": { type: "string" },
  },
});
const url = values.datasource === undefined ? undefined : JSON.parse(values.datasource).url;

if (values.version) {
  console.log(`schema-engine-wasm ${engineVersion()}`);
} else if (positionals[0] === "cli") {
  process.exit(await runDatabaseCommand(positionals[1], url));
} else {
  await serve(
    (values.datamodels ?? []).map((path) => [path, readFileSync(path, "utf8")]),
    url,
  );
  process.exit(0);
}
