import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { applyMigrations, createDatabase, startTestDatabase } from "@espalier/embedded";
import pg from "pg";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const run = promisify(execFile);

/** Runs Prisma's command line on a database, as an operator would. */
const prisma = (url: string, ...args: string[]) =>
  run(process.execPath, ["node_modules/prisma/build/index.js", ...args], {
    cwd: root,
    env: { ...process.env, ESPALIER_DATABASE_URL: url },
  });

async function emptyDatabase(): Promise<string> {
  const { url } = await startTestDatabase();
  return createDatabase(url, `${new URL(url).pathname.slice(1)}_empty`);
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

describe("applyMigrations", () => {
  it("applies all once, also when many processes start together", async () => {
    const url = await emptyDatabase();
    const applied = await Promise.all([applyMigrations(url), applyMigrations(url), applyMigrations(url)]);
    expect(applied.flat().length).toBeGreaterThan(0);
    expect(new Set(applied.flat()).size).toBe(applied.flat().length);
    expect(await applyMigrations(url)).toEqual([]);
  });

  it("leaves a database that Prisma's own tool finds up to date and equal to the schema", async () => {
    const url = await emptyDatabase();
    await applyMigrations(url);
    expect((await prisma(url, "migrate", "status")).stdout).toContain("up to date");
    expect((await prisma(url, "migrate", "deploy")).stdout).toContain("No pending migrations");
    const schema = ["--to-schema", "prisma/schema.prisma", "--exit-code"];
    expect((await prisma(url, "migrate", "diff", "--from-config-datasource", ...schema)).stdout).toContain(
      "No difference",
    );
  });

  it("finds nothing to do after Prisma's own tool", async () => {
    const url = await emptyDatabase();
    await prisma(url, "migrate", "deploy");
    expect(await applyMigrations(url)).toEqual([]);
  });

  it("refuses a database whose migration was another one", async () => {
    const url = await emptyDatabase();
    await applyMigrations(url);
    await query(url, "UPDATE _prisma_migrations SET checksum = repeat('0', 64)");
    await expect(applyMigrations(url)).rejects.toThrow(/was changed after it had been applied/);
  });
});
