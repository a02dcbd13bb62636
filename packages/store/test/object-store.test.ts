import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { ConfigurationError, type JobId, newJobId } from "@espalier/contracts";
import type { ArtifactFile } from "@espalier/pipeline";
import { openFiles, type S3Settings, type WorkerFiles } from "@espalier/store";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Gate, openGate } from "../../../tests/object-server/gate.js";
import { makeBucket, type TestBucket } from "../../../tests/object-server/make-bucket.js";
import {
  hasObjectServer,
  type ObjectServer,
  startObjectServer,
} from "../../../tests/object-server/start-object-server.js";

/** A machine's data folder and the store that is opened over it. */
interface Machine {
  readonly dataDir: string;
  readonly files: WorkerFiles;
}

const MEBIBYTE = 1024 * 1024;
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "espalier-objects-"));
  folders.push(folder);
  return folder;
}

async function machine(s3: S3Settings | undefined, dataDir = newFolder()): Promise<Machine> {
  return { dataDir, files: await openFiles({ dataDir, s3 }) };
}

/** Writes a file where an export leaves it. */
function exported({ files }: Machine, id: JobId, name: string, content: Uint8Array): ArtifactFile {
  const path = files.artifactPath(id, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return { name, sizeBytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
}

async function kept(here: Machine, content: Uint8Array, name = "native/config.json") {
  const id = newJobId();
  const file = exported(here, id, name, content);
  await here.files.keepArtifacts(id, [file]);
  return { id, file };
}

function profiled({ dataDir }: Machine): { key: string; folder: string } {
  const key = createHash("sha256").update(randomBytes(8)).digest("hex");
  const folder = join(dataDir, "statistics", key);
  mkdirSync(join(folder, "gradients"), { recursive: true });
  writeFileSync(join(folder, "cluster-0.safetensors"), "numbers");
  writeFileSync(join(folder, "gradients", "sample-0.safetensors"), "more");
  writeFileSync(join(folder, "half.17.tmp"), "half a f");
  writeFileSync(join(folder, "manifest.json"), "{}");
  return { key, folder };
}

/** What every object store does. `machines`: two that share what they keep. */
function keepsFiles(machines: () => Promise<readonly [Machine, Machine]>): void {
  let here: Machine;
  let there: Machine;
  beforeAll(async () => {
    [here, there] = await machines();
  });

  it("gives another machine a file, whole and in part", async () => {
    const { id, file } = await kept(here, Buffer.from("0123456789"));
    const whole = await there.files.openRead(id, file);
    expect([whole.sizeBytes, String(await buffer(whole.stream))]).toEqual([10, "0123456789"]);
    const part = await there.files.openRead(id, file, { start: 2, end: 4 });
    expect([part.sizeBytes, String(await buffer(part.stream))]).toEqual([10, "234"]);
  });

  it.each([
    ["no bytes", 0],
    ["exactly one part", 5 * MEBIBYTE],
    ["several parts", 11 * MEBIBYTE + 7],
  ])("keeps a file of %s", async (_, bytes) => {
    const content = randomBytes(bytes);
    const { id, file } = await kept(here, content, "native/model.safetensors");
    const { stream } = await there.files.openRead(id, file);
    expect(Buffer.compare(await buffer(stream), content)).toBe(0);
  });

  it("refuses a range outside the file, and a file that is not there", async () => {
    const { id, file } = await kept(here, Buffer.from("0123456789"));
    for (const range of [
      { start: 0, end: 10 },
      { start: 5, end: 4 },
      { start: -1, end: 3 },
    ]) {
      await expect(there.files.openRead(id, file, range)).rejects.toMatchObject({ code: "RANGE_NOT_SATISFIABLE" });
    }
    for (const [job, name] of [[id, "native/none"] as const, [newJobId(), file.name] as const]) {
      await expect(there.files.openRead(job, { ...file, name })).rejects.toMatchObject({ code: "ARTIFACT_NOT_FOUND" });
    }
  });

  it("keeps the same files again, as an attempt after a killed one does", async () => {
    const { id, file } = await kept(here, Buffer.from("once"));
    exported(here, id, file.name, Buffer.from("once"));
    await here.files.keepArtifacts(id, [file]);
    expect(String(await buffer((await there.files.openRead(id, file)).stream))).toBe("once");
  });

  it("removes what a job left, from whatever machine, and a job that left nothing", async () => {
    const gone = await kept(here, Buffer.from("gone"));
    const stays = await kept(here, Buffer.from("stays"));
    await there.files.removeJob(gone.id);
    await there.files.removeJob(gone.id);
    await expect(here.files.openRead(gone.id, gone.file)).rejects.toMatchObject({ code: "ARTIFACT_NOT_FOUND" });
    expect(String(await buffer((await here.files.openRead(stays.id, stays.file)).stream))).toBe("stays");
  });

  it("brings statistics to another machine, without what was half made", async () => {
    const { key } = profiled(here);
    await here.files.keepStatistics(key);
    await here.files.keepStatistics(key);
    await there.files.fetchStatistics(key);
    const folder = join(there.dataDir, "statistics", key);
    expect(readFileSync(join(folder, "cluster-0.safetensors"), "utf8")).toBe("numbers");
    expect(readFileSync(join(folder, "gradients", "sample-0.safetensors"), "utf8")).toBe("more");
    expect(existsSync(join(folder, "manifest.json"))).toBe(true);
  });

  it("brings nothing where nothing was kept", async () => {
    await there.files.fetchStatistics("a".repeat(64));
    expect(existsSync(join(there.dataDir, "statistics", "a".repeat(64)))).toBe(false);
  });

  it("takes statistics out of sight at once and removes them later, whoever set them aside", async () => {
    const { key, folder } = profiled(here);
    await here.files.keepStatistics(key);
    await here.files.setAsideStatistics(key);
    expect(existsSync(folder)).toBe(false);
    await there.files.fetchStatistics(key);
    expect(existsSync(join(there.dataDir, "statistics", key))).toBe(false);
    await here.files.removeSetAside();
    expect(readdirSync(join(here.dataDir, "statistics")).filter((name) => name.startsWith("."))).toEqual([]);
    await expect(here.files.setAsideStatistics("../artifacts")).rejects.toThrow(RangeError);
  });

  it("says that it can be read", () => there.files.ping());
}

describe("files in a folder", () => {
  keepsFiles(async () => {
    const dataDir = newFolder();
    return [await machine(undefined, dataDir), await machine(undefined, dataDir)];
  });
});

/** OpenStack Swift as the S3-compatible store. */
describe.skipIf(!hasObjectServer)("files in an S3-compatible store", () => {
  let server: ObjectServer;
  let gate: Gate;
  let bucket: TestBucket;
  beforeAll(async () => {
    server = await startObjectServer();
    gate = await openGate(server.endpoint);
    bucket = await makeBucket(server, "files");
    for (const [name, value] of Object.entries(server.credentials)) vi.stubEnv(name, value);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await gate.close();
    await server.close();
  });

  const settings = (changes: Partial<S3Settings> = {}): S3Settings => ({
    bucket: "files",
    endpoint: server.endpoint,
    region: "us-east-1",
    prefix: "espalier/",
    forcePathStyle: true,
    partBytes: 5 * MEBIBYTE,
    ...changes,
  });
  const keysOf = async (id: JobId) => (await bucket.keys()).filter((key) => key.includes(id));

  keepsFiles(async () => [await machine(settings()), await machine(settings())]);

  it("have keys that name their content, and leave the worker's own disk", async () => {
    const here = await machine(settings());
    const { id, file } = await kept(here, Buffer.from("content"));
    expect(await keysOf(id)).toEqual([`espalier/artifacts/${id}/${file.sha256}/${file.name}`]);
    expect(existsSync(here.files.artifactDir(id))).toBe(false);
  });

  it.each([4, 6 * MEBIBYTE])("of %i bytes that changed since they were described are not kept", async (bytes) => {
    const here = await machine(settings());
    const id = newJobId();
    const file = exported(here, id, "a", randomBytes(bytes));
    writeFileSync(here.files.artifactPath(id, "a"), randomBytes(bytes));
    await expect(here.files.keepArtifacts(id, [file])).rejects.toThrow(RangeError);
    expect([await keysOf(id), await bucket.uploads()]).toEqual([[], []]);
  });

  it("that are told to stop half sent leave nothing and end with the signal's reason", async () => {
    const here = await machine(settings({ endpoint: gate.endpoint }));
    const id = newJobId();
    const file = exported(here, id, "a", randomBytes(6 * MEBIBYTE));
    gate.judge(({ url }) => (url?.includes("partNumber=2") ? "hold" : "pass"));
    const held = gate.held();
    const stopping = new AbortController();
    const sent = here.files.keepArtifacts(id, [file], stopping.signal);
    await held;
    expect(await bucket.uploads()).toHaveLength(1);
    stopping.abort(new Error("the worker stops"));
    await expect(sent).rejects.toThrow("the worker stops");
    expect([await keysOf(id), await bucket.uploads()]).toEqual([[], []]);
    gate.judge(() => "pass");
  });

  it("end what a killed attempt had begun to send, and what a deleted job had", async () => {
    const here = await machine(settings());
    const id = newJobId();
    const file = exported(here, id, "a", randomBytes(6 * MEBIBYTE));
    const prefix = `espalier/artifacts/${id}`;
    await bucket.beginUpload(`${prefix}/${file.sha256}/a`);
    await bucket.beginUpload(`${prefix}/other/b`);
    await here.files.keepArtifacts(id, [file]);
    expect(await bucket.uploads()).toEqual([`${prefix}/other/b`]);
    await here.files.removeJob(id);
    expect([await keysOf(id), await bucket.uploads()]).toEqual([[], []]);
  });

  it.each([
    [507, "XMinioStorageFull", "STORAGE_FULL"],
    [403, "AccessDenied", "SERVICE_UNAVAILABLE"],
  ])("that the store refuses with %i %s fail with %s", async (status, code, ours) => {
    const here = await machine(settings({ endpoint: gate.endpoint }));
    const id = newJobId();
    const file = exported(here, id, "a", Buffer.from("a"));
    gate.judge(({ method }) => (method === "PUT" ? { status, code } : "pass"));
    await expect(here.files.keepArtifacts(id, [file])).rejects.toMatchObject({ code: ours });
    gate.judge(() => "pass");
    await here.files.keepArtifacts(id, [file]);
  });

  it("are sent again when the store is busy for a moment", async () => {
    const here = await machine(settings({ endpoint: gate.endpoint }));
    let refusals = 2;
    gate.judge(({ method }) => (method === "PUT" && refusals-- > 0 ? { status: 503, code: "SlowDown" } : "pass"));
    const { id } = await kept(here, Buffer.from("patience"));
    expect(await keysOf(id)).toHaveLength(1);
    gate.judge(() => "pass");
  });

  it("are not opened with a wrong secret or a bucket that is not there: the start ends, and no error tells a secret", async () => {
    await expect(machine(settings({ bucket: "none" }))).rejects.toThrow("ESPALIER_S3_BUCKET is 'none'");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wrong-canary-77");
    const error = await machine(settings()).catch((reason: unknown) => reason);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.credentials.AWS_SECRET_ACCESS_KEY);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(JSON.stringify([error, String(error), (error as Error).cause ?? null])).not.toMatch(/canary|Signature/);
  });

  it("are opened while the store is away, and say soon that they cannot be read", async () => {
    const { files } = await machine(settings({ endpoint: "http://127.0.0.1:9" }));
    await expect(files.ping()).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
  });

  it("are read while sixty downloads stand still", async () => {
    const { files } = await machine(settings());
    const { id, file } = await kept(await machine(settings()), randomBytes(4 * MEBIBYTE));
    const still = await Promise.all(Array.from({ length: 60 }, () => files.openRead(id, file)));
    const { stream } = await files.openRead(id, file, { start: 0, end: 9 });
    expect(await buffer(stream)).toHaveLength(10);
    for (const each of still) each.stream.destroy();
  });

  it("of statistics that were damaged are not used, and kept anew", async () => {
    const [here, there] = [await machine(settings()), await machine(settings())];
    const { key } = profiled(here);
    await here.files.keepStatistics(key);
    await bucket.replace(`espalier/statistics/${key}/cluster-0.safetensors`, "other");
    await expect(there.files.fetchStatistics(key)).rejects.toThrow("damaged");
    expect(existsSync(join(there.dataDir, "statistics", key, "manifest.json"))).toBe(false);
    await here.files.keepStatistics(key);
    await there.files.fetchStatistics(key);
    expect(existsSync(join(there.dataDir, "statistics", key, "manifest.json"))).toBe(true);
  });
});
