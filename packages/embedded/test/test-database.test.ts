import { startTestDatabase } from "@espalier/embedded";
import pg from "pg";
import { describe, expect, it } from "vitest";

const tablesOf = async (url: string): Promise<readonly string[]> => {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
  await client.end();
  return rows.map((row) => row.tablename);
};

describe("startTestDatabase", () => {
  it("gives every caller a database of its own, with all migrations", async () => {
    const databases = await Promise.all([startTestDatabase(), startTestDatabase(), startTestDatabase()]);
    expect(new Set(databases.map(({ url }) => url)).size).toBe(3);
    for (const { url } of databases) expect(await tablesOf(url)).toContain("jobs");
    await Promise.all(databases.map((database) => database.drop()));
  });
});
