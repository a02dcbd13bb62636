import { newJobId } from "@espalier/contracts";
import { startTestDatabase } from "@espalier/embedded";
import { openQueues } from "@espalier/queues";
import pg from "pg";
import { beforeAll, expect, it } from "vitest";
import { recordingLogger } from "./support/logger.js";
import { queueContract, until } from "./support/queue-contract.js";

let url = "";
beforeAll(async () => {
  url = (await startTestDatabase()).url;
});

queueContract("Postgres", () => ({ databaseUrl: url }));

it("goes on after Postgres cut every connection", async () => {
  const queues = await openQueues({ databaseUrl: url, logger: recordingLogger() });
  let runs = 0;
  const consumers = await queues.startConsumers({ profile: async () => void runs++ });
  await queues.enqueue("profile", { job_id: newJobId() });
  await until(() => runs === 1);
  const client = new pg.Client(url);
  await client.connect();
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await client.end();
  await until(() =>
    queues.enqueue("profile", { job_id: newJobId() }).then(
      () => true,
      () => false,
    ),
  );
  await until(() => runs >= 2);
  await consumers.close();
  await queues.close();
});

it("keeps its tables out of the schema that Prisma manages", async () => {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query("SELECT schemaname, tablename FROM pg_tables WHERE tablename ILIKE '%bullmq%'");
  await client.end();
  expect(rows.map(({ schemaname }) => schemaname).filter((schema) => schema === "public")).toEqual([]);
});
