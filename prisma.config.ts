import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "prisma/config";

// Where Prisma's native schema engine was fetched at install, it is used. Behind a firewall it is absent:
// then the same engine runs as WebAssembly, from npm (docs/adr/0006-prisma-without-native-engine.md).
const engines = fileURLToPath(new URL("./node_modules/@prisma/engines", import.meta.url));
const native = existsSync(engines) && readdirSync(engines).some((file) => file.startsWith("schema-engine-"));
if (!native) {
  process.env["PRISMA_SCHEMA_ENGINE_BINARY"] ??= fileURLToPath(new URL("./scripts/schema-engine.mjs", import.meta.url));
}

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env["ESPALIER_DATABASE_URL"] ?? "postgresql://postgres:postgres@127.0.0.1:5432/espalier" },
});
