import { createPostgresBackend, Queue, Worker } from "bullmq";
import { type Backend, workerTimes } from "./backend.js";
import { prepareSchema } from "./prepare-schema.js";

/** BullMQ's tables live apart from ours, so that Prisma sees no drift. */
const SCHEMA = "espalier_queue";

/** Small pools: every queue and every consumer has one. */
const CONNECTIONS = 2;

/** BullMQ's own Postgres backend: nothing but the database is needed. */
export async function postgresBackend(databaseUrl: string): Promise<Backend> {
  await prepareSchema(databaseUrl, SCHEMA);
  const connection = { connectionString: databaseUrl, schema: SCHEMA, max: CONNECTIONS };
  return {
    kind: "postgres",
    makeQueue: (name) => new Queue(name, { connection }, createPostgresBackend),
    makeWorker: (name, processor, concurrency) =>
      new Worker(name, processor, { connection, concurrency, ...workerTimes }, createPostgresBackend),
    async close() {},
  };
}
