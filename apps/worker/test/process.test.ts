import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startTestDatabase, type TestDatabase } from "@espalier/embedded";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const shared = (path: string): string => fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url));

let database: TestDatabase;
const dataDir = mkdtempSync(join(tmpdir(), "espalier-worker-"));
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(async () => {
  await database?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Started {
  readonly worker: ChildProcess;
  readonly output: () => string;
}

function startWorker(changes: Record<string, string> = {}): Started {
  const worker = fork(main, [], {
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      PATH: process.env["PATH"],
      ESPALIER_DATABASE_URL: database.url,
      ESPALIER_DATA_DIR: dataDir,
      ESPALIER_MODEL_ROOTS: shared("models"),
      ESPALIER_CORPUS_ROOTS: shared("corpora"),
      ESPALIER_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64"),
      ...changes,
    },
  });
  let text = "";
  for (const stream of [worker.stdout, worker.stderr]) stream?.on("data", (chunk) => (text += String(chunk)));
  return { worker, output: () => text };
}

async function ready({ worker, output }: Started): Promise<void> {
  const ended = once(worker, "exit").then(([code]) =>
    Promise.reject(new Error(`the worker ended with ${code}: ${output()}`)),
  );
  const [message] = await Promise.race([once(worker, "message"), ended]);
  expect(message).toEqual({ kind: "ready" });
}

async function workersSeen(): Promise<readonly object[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query('SELECT provider, in_hand AS "inHand" FROM workers')).rows;
  } finally {
    await client.end();
  }
}

describe("a worker process", () => {
  it("starts and says that it is there, and takes that back and ends with status 0 when asked to", async () => {
    const started = startWorker();
    await ready(started);
    const { worker, output } = started;
    await expect.poll(workersSeen, { timeout: 20_000 }).toMatchObject([{ provider: "cpu", inHand: 0 }]);
    worker.kill("SIGTERM");
    expect((await once(worker, "exit"))[0]).toBe(0);
    expect(await workersSeen()).toEqual([]);
    const events = output()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).event);
    expect(events).toEqual(expect.arrayContaining(["worker.ready", "worker.stopping"]));
  });

  it("ends when the process that started it is gone", async () => {
    const started = startWorker();
    await ready(started);
    const { worker } = started;
    worker.disconnect();
    expect((await once(worker, "exit"))[0]).toBe(0);
  });

  it("refuses an unknown variable with status 2", async () => {
    const { worker, output } = startWorker({ ESPALIER_THREAD: "2" });
    expect((await once(worker, "exit"))[0]).toBe(2);
    expect(output()).toContain("Closest known variable: ESPALIER_THREADS");
  });
});
