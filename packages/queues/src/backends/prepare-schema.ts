import { runMigrations } from "bullmq";
import pg from "pg";

/** Makes and upgrades BullMQ's tables in a schema of their own; processes that start together wait for each other. */
export async function prepareSchema(databaseUrl: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await runMigrations(client, schema);
  } finally {
    await client.end();
  }
}
