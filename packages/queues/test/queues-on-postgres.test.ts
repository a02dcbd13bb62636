import { startTestDatabase } from "@espalier/embedded";
import pg from "pg";
import { beforeAll, expect, it } from "vitest";
import { queueContract } from "./support/queue-contract.js";

let url = "";
beforeAll(async () => {
  url = (await startTestDatabase()).url;
});

queueContract("Postgres", () => ({ databaseUrl: url }));

it("keeps its tables out of the schema that Prisma manages", async () => {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query("SELECT schemaname, tablename FROM pg_tables WHERE tablename ILIKE '%bullmq%'");
  await client.end();
  expect(rows.map(({ schemaname }) => schemaname).filter((schema) => schema === "public")).toEqual([]);
});
