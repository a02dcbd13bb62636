export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "./cluster/start-embedded-postgres.js";
export { createDatabase, databaseUrl } from "./databases.js";
export { applyMigrations } from "./migrations.js";
export { startTestDatabase, type TestDatabase } from "./testing/start-test-database.js";
