import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createDatabase, startEmbeddedPostgres } from "@espalier/embedded";
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";

const dir = mkdtempSync(join(tmpdir(), "espalier-cluster-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Held {
  readonly process: ChildProcess;
  readonly url: string;
  readonly adopted: boolean;
}

/** A process of its own that holds the cluster, as `espalier up` does; it runs the build. */
async function hold(cluster: string): Promise<Held> {
  const script = fileURLToPath(new URL("./support/hold-cluster.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, cluster], { stdio: ["ignore", "pipe", "inherit"], cwd: tmpdir() });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { process: child, ...JSON.parse(String(line)) };
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function untilAway(url: string): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    try {
      await query(url, "SELECT 1");
    } catch {
      return;
    }
    await sleep(50);
  }
  throw new Error("the server still answers after 30 s");
}

describe("an embedded Postgres", () => {
  it("starts, keeps its data and port over a restart, and is closed to everyone without the password", async () => {
    const first = await startEmbeddedPostgres({ dir, durable: false });
    expect(first.adopted).toBe(false);
    const url = await createDatabase(first.url, "app");
    expect(await createDatabase(first.url, "app")).toBe(url);
    await query(url, "CREATE TABLE kept (x int)");
    await query(url, "INSERT INTO kept VALUES (7)");
    await expect(query(url.replace(/:[^:@]+@/, ":wrong@"), "SELECT 1")).rejects.toThrow(/password/);
    await first.stop();
    await expect(query(url, "SELECT 1")).rejects.toThrow();
    const second = await startEmbeddedPostgres({ dir, durable: false });
    expect(second.url).toBe(first.url);
    expect(await query(url, "SELECT x FROM kept")).toEqual([{ x: 7 }]);
    await second.stop();
  });

  it("stops when the process that started it is killed, and starts again afterwards", async () => {
    const held = await hold(dir);
    held.process.kill("SIGKILL");
    await untilAway(held.url);
    const again = await startEmbeddedPostgres({ dir, durable: false });
    expect(await query(await createDatabase(again.url, "app"), "SELECT x FROM kept")).toEqual([{ x: 7 }]);
    await again.stop();
  });

  it("is not adopted when it is about to stop with its killed owner", async () => {
    const held = await hold(dir);
    held.process.kill("SIGKILL");
    const next = await startEmbeddedPostgres({ dir, durable: false });
    expect(next.adopted).toBe(false);
    await sleep(300);
    expect(await query(next.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await next.stop();
  });

  it("is adopted by a second process while it lives, and left to the first", async () => {
    const held = await hold(dir);
    const second = await startEmbeddedPostgres({ dir, durable: false });
    expect([second.adopted, second.url]).toEqual([true, held.url]);
    await second.stop();
    expect(await query(held.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    const ended = once(held.process, "exit");
    held.process.kill("SIGTERM");
    await ended;
    await untilAway(held.url);
  });

  it("starts again after everything was killed at once, server included", async () => {
    const held = await hold(dir);
    const pid = Number(readFileSync(join(dir, "data", "postmaster.pid"), "utf8").split("\n")[0]);
    process.kill(pid, "SIGKILL");
    held.process.kill("SIGKILL");
    const again = await startEmbeddedPostgres({ dir, durable: false });
    expect(again.adopted).toBe(false);
    expect(await query(await createDatabase(again.url, "app"), "SELECT x FROM kept")).toEqual([{ x: 7 }]);
    await again.stop();
  });

  it("takes another port when its own was taken meanwhile, and says so when an asked one is", async () => {
    const first = await startEmbeddedPostgres({ dir, durable: false });
    const port = Number(new URL(first.url).port);
    await first.stop();
    const squatter = createServer().listen(port, "127.0.0.1");
    await once(squatter, "listening");
    await expect(startEmbeddedPostgres({ dir, port, durable: false })).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
      message: expect.stringContaining(`Port ${port}`),
    });
    const moved = await startEmbeddedPostgres({ dir, durable: false });
    expect(new URL(moved.url).port).not.toBe(String(port));
    await moved.stop();
    squatter.close();
  });

  it.skipIf(process.getuid?.() !== 0)("tells root about a folder that its account cannot reach", async () => {
    const closed = mkdtempSync(join(tmpdir(), "espalier-closed-"));
    await expect(startEmbeddedPostgres({ dir: join(closed, "pg") })).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
      message: expect.stringContaining("cannot reach"),
    });
    rmSync(closed, { recursive: true, force: true });
  });

  it("tells what the server said when it does not start", async () => {
    const broken = mkdtempSync(join(tmpdir(), "espalier-broken-"));
    const first = await startEmbeddedPostgres({ dir: broken, durable: false });
    await first.stop();
    rmSync(join(broken, "data", "global", "pg_control"));
    await expect(startEmbeddedPostgres({ dir: broken, durable: false })).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
      message: expect.stringContaining("pg_control"),
    });
    rmSync(broken, { recursive: true, force: true });
  });
});
