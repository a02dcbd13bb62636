import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ArtifactView, isTerminal, type JobView } from "@espalier/contracts";
import { startTestDatabase, type TestDatabase } from "@espalier/embedded";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gate, openGate } from "../object-server/gate.js";
import { makeBucket, type TestBucket } from "../object-server/make-bucket.js";
import { hasObjectServer, type ObjectServer, startObjectServer } from "../object-server/start-object-server.js";
import { repository } from "./repository.js";
import { smallJob } from "./small-job.js";

const BUCKET = "espalier";
const folders: string[] = [];
const processes: ChildProcess[] = [];
const fetched: string[] = [];
let output = "";
let database: TestDatabase;
let server: ObjectServer;
let gate: Gate;
let bucket: TestBucket;
let url: string;

/** Starts a process whose data folder no other one has. */
async function start(name: "api" | "worker", endpoint: string): Promise<{ process: ChildProcess; dataDir: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), `espalier-${name}-`));
  folders.push(dataDir);
  const child = fork(repository(`apps/${name}/dist/main.js`), [], {
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      PATH: process.env["PATH"],
      ...server.credentials,
      ESPALIER_S3_BUCKET: BUCKET,
      ESPALIER_S3_ENDPOINT: endpoint,
      ESPALIER_S3_PREFIX: "tests",
      ESPALIER_DATABASE_URL: database.url,
      ESPALIER_DATA_DIR: dataDir,
      ESPALIER_MODEL_ROOTS: repository("examples/models"),
      ESPALIER_CORPUS_ROOTS: repository("examples/corpora"),
      ESPALIER_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64"),
      ESPALIER_LOG_LEVEL: "trace",
      ...(name === "api" ? { ESPALIER_PORT: "0" } : { ESPALIER_THREADS: "1", ESPALIER_LEASE_SECONDS: "5" }),
    },
  });
  processes.push(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += String(chunk);
    });
  }
  const ended = once(child, "exit").then(() => Promise.reject(new Error(output)));
  ended.catch(() => undefined); // it ends some time
  const [message] = await Promise.race([once(child, "message"), ended]);
  if (name === "api") url = (message as { url: string }).url;
  return { process: child, dataDir };
}

async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(new URL(path, url), init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

const read = async ({ id }: JobView): Promise<JobView> => (await call<{ job: JobView }>(`/v1/jobs/${id}`)).job;

const artefactsOf = async ({ id }: JobView): Promise<readonly ArtifactView[]> =>
  (await call<{ data: ArtifactView[] }>(`/v1/jobs/${id}/artifacts`)).data;

const isUpload = ({ method, url: path }: IncomingMessage): boolean =>
  method === "PUT" && path?.includes("/artifacts/") === true && path.includes("model.safetensors");

/** API and workers that share a database, models and an S3-compatible store (OpenStack Swift), and no folder. */
describe.skipIf(!hasObjectServer)("a service on an object store", { timeout: 240_000 }, () => {
  let job: JobView;

  beforeAll(async () => {
    [database, server] = await Promise.all([startTestDatabase(), startObjectServer()]);
    gate = await openGate(server.endpoint);
    bucket = await makeBucket(server, BUCKET);
    await start("api", server.endpoint);
    const body = smallJob({ search: { trials: 3, seed: 7 } });
    const headers = { "content-type": "application/json" };
    job = (await call<{ job: JobView }>("/v1/jobs", { method: "POST", headers, body: JSON.stringify(body) })).job;
  }, 120_000);

  afterAll(async () => {
    for (const child of processes) child.kill("SIGKILL");
    await gate.close();
    await server.close();
    await database.drop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it("is ready while the store answers", async () => {
    expect(await call("/readyz")).toMatchObject({ checks: { files: "ok" } });
  });

  it("lists nothing of an export whose worker was killed while it sent it", async () => {
    gate.judge((request) => (isUpload(request) ? "hold" : "pass"));
    const held = gate.held();
    const first = await start("worker", gate.endpoint);
    await held;
    first.process.kill("SIGKILL");
    await once(first.process, "exit");
    expect(await artefactsOf(job)).toEqual([]);
    expect((await read(job)).state).toBe("exporting");
  });

  it("has another worker finish it, with the statistics that the first one kept", async () => {
    gate.judge(({ method, url: path = "" }) => {
      if (method === "GET") fetched.push(path);
      return "pass";
    });
    const second = await start("worker", gate.endpoint);
    while (!isTerminal(job.state)) {
      await sleep(100);
      job = await read(job);
    }
    expect([job.state, job.error]).toEqual(["succeeded", null]);
    expect(fetched.filter((path) => /\/statistics\/[0-9a-f]{64}\/manifest\.json/.test(path))).toHaveLength(1);
    expect(existsSync(join(second.dataDir, "artifacts")) && readdirSync(join(second.dataDir, "artifacts"))).toEqual([]);
  });

  it("hands out what the list says, whole and in part", async () => {
    const files = await artefactsOf(job);
    expect(files.length).toBeGreaterThan(5);
    for (const { name, sha256 } of files) {
      const response = await fetch(new URL(`/v1/jobs/${job.id}/artifacts/${name}`, url));
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
      expect(response.headers.get("etag")).toBe(`"${sha256}"`);
      const range = { headers: { range: "bytes=10-19" } };
      const part = await fetch(new URL(`/v1/jobs/${job.id}/artifacts/${name}`, url), range);
      expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, bytes.subarray(10, 20)]);
    }
  });

  it("has left nothing in the store that no row names", async () => {
    const rows = (await artefactsOf(job)).map(({ name, sha256 }) => `tests/artifacts/${job.id}/${sha256}/${name}`);
    const keys = await bucket.keys();
    expect(keys.filter((key) => key.includes("/artifacts/")).sort()).toEqual(rows.sort());
    expect(await bucket.uploads()).toEqual([]);
  });

  it("removes what a deleted job had, statistics too", async () => {
    await fetch(new URL(`/v1/jobs/${job.id}`, url), { method: "DELETE" });
    await expect.poll(() => bucket.keys(), { timeout: 60_000, interval: 200 }).toEqual([]);
  });

  it("tells nobody its credentials", () => {
    expect(output).toContain("worker ready");
    for (const secret of Object.values(server.credentials)) expect(output).not.toContain(secret);
  });
});
