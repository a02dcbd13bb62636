import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "@espalier/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { httpNetwork } from "../../../tests/hub-server/guarded-network.js";
import {
  commitNumber,
  filesOf,
  type HubServer,
  sha256,
  startHubServer,
} from "../../../tests/hub-server/start-hub-server.js";
import { type HubProgress, type HubSettings, keptModels, openHub } from "../src/hub/index.js";
import { modelHash, openModel, readWeights, writeShards } from "../src/index.js";

const stories = fileURLToPath(new URL("../../../examples/models/stories260K", import.meta.url));
const id = "test/stories260K";
const [first, second] = [commitNumber(1), commitNumber(2)];
const files = filesOf(stories);
const weights = files["model.safetensors"] ?? Buffer.alloc(0);

let server: HubServer;
let dir: string;

/** A hub on this machine may be reached, as with ESPALIER_HUB_ALLOWED_CIDRS. */
function settings(changes: Partial<HubSettings> = {}, allowed = ["127.0.0.0/8"]): HubSettings {
  return {
    isOpen: true,
    endpoint: server.endpoint,
    dir,
    maxBytes: 1e9,
    network: httpNetwork(allowed),
    now: Date.now,
    random: () => 0,
    retryBaseMs: 1,
    ...changes,
  };
}

const refusal = async (promise: Promise<unknown>): Promise<AppError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw new TypeError(`no AppError but ${String(error)}`);
};

/** SHA-256 of a folder's weights. */
const hashIn = async (path: string): Promise<string> => sha256(await readFile(join(path, "model.safetensors")));

const served = () => ({
  branches: { main: first },
  commits: { [first]: { ...files, "pytorch_model.bin": Buffer.from("pickle"), "modeling_x.py": Buffer.from("code") } },
});

const cdnRanges = () => server.seen.filter(({ from }) => from === "cdn").map(({ range }) => range);

beforeEach(async () => {
  server = await startHubServer({ [id]: served() });
  dir = await mkdtemp(join(tmpdir(), "espalier-hub-"));
});
afterEach(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

describe("a download", () => {
  it("brings the wanted files, byte for byte, and a model that opens", async () => {
    const { path, commit, hub } = await openHub(settings()).download(id, "main");
    expect({ hub, commit }).toEqual({ hub: id, commit: first });
    expect((await readdir(path)).sort()).toEqual(
      ["LICENSE", "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"].sort(),
    );
    expect(await hashIn(path)).toBe(sha256(weights));
    expect(await modelHash(await openModel(path))).toBe(await modelHash(await openModel(stories)));
    expect(server.seen.some(({ path: asked }) => /\.(?:bin|py)|ORIGIN/.test(asked))).toBe(false);
    expect(await keptModels(dir)).toEqual([{ hub: id, commit: first, path }]);
  });

  it("asks the network for nothing once a commit is here", async () => {
    const hub = openHub(settings());
    await hub.download(id, "main");
    const asked = server.seen.length;
    await hub.download(id, first);
    await hub.outline(id, first);
    expect(server.seen.length).toBe(asked);
  });

  it("tells its bytes, up to all of them", async () => {
    const told: HubProgress[] = [];
    await openHub(settings()).download(id, "main", { onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toEqual({ doneBytes: weights.byteLength, totalBytes: weights.byteLength });
  });

  it("sends the token to the hub and never to the host that it is redirected to", async () => {
    const token = "hf_a-token-that-nobody-else-may-see";
    server.models.set(id, { ...served(), privateTo: token });
    await openHub(settings({ token })).download(id, "main");
    const sent = server.seen.map(({ from, authorization }) => `${from} ${authorization}`);
    expect(new Set(sent)).toEqual(new Set([`hub Bearer ${token}`, "cdn undefined"]));
  });

  it("works with a mirror that lists names alone", async () => {
    server.plainListing = true;
    const { path } = await openHub(settings()).download(id, "main");
    expect(await hashIn(path)).toBe(sha256(weights));
  });

  it("shares what revisions have in common", async () => {
    const hub = openHub(settings());
    await hub.download(id, "main");
    const changed = { ...files, "config.json": Buffer.from(`${files["config.json"]} `) };
    server.models.set(id, { branches: { main: second }, commits: { ...served().commits, [second]: changed } });
    const before = cdnRanges().length;
    expect((await hub.download(id, "main")).commit).toBe(second);
    expect(cdnRanges().length).toBe(before);
  });
});

describe("a download that is disturbed", () => {
  it("goes on where the connection was cut", async () => {
    server.cuts.push(300_000, 400_000);
    const { path } = await openHub(settings()).download(id, "main");
    expect(await hashIn(path)).toBe(sha256(weights));
    const ranges = cdnRanges();
    expect(ranges.length).toBe(3);
    expect(ranges[0]).toBeUndefined();
    const starts = ranges.slice(1).map((range) => Number(/bytes=(\d+)-/.exec(range ?? "")?.[1]));
    expect(starts[0]).toBeGreaterThan(0);
    expect(starts[1]).toBeGreaterThan(starts[0] ?? 0);
  });

  /** Begins a download and cancels it once half a megabyte is there. */
  const cancelHalfway = async (): Promise<void> => {
    server.holdAfter = 500_000;
    const abort = new AbortController();
    const onProgress = ({ doneBytes }: HubProgress): void => {
      if (doneBytes >= 500_000) abort.abort(new Error("cancelled"));
    };
    const running = openHub(settings()).download(id, "main", { signal: abort.signal, onProgress });
    await expect(running).rejects.toThrow("cancelled");
    server.release();
  };

  it("goes on where a cancelled one ended", async () => {
    await cancelHalfway();
    const { path } = await openHub(settings()).download(id, "main");
    expect(cdnRanges().at(-1)).toBe("bytes=500000-");
    expect(await hashIn(path)).toBe(sha256(weights));
  });

  it("takes over what a process that was killed left, once it is silent", async () => {
    const blobs = join(dir, "test--stories260K", "blobs");
    await openHub(settings()).outline(id, "main");
    const left = join(blobs, `sha256-${sha256(weights)}.0123456789ab.partial`);
    await writeFile(left, weights.subarray(0, 600_000));
    const before = server.seen.length;
    const later = () => Date.now() + 60_000;
    await openHub(settings({ now: later })).download(id, "main");
    expect(server.seen.slice(before).find(({ from }) => from === "cdn")?.range).toBe("bytes=600000-");
    expect((await readdir(blobs)).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  it("begins anew when what was left is not the beginning of the file", async () => {
    await openHub(settings()).outline(id, "main");
    const left = join(dir, "test--stories260K", "blobs", `sha256-${sha256(weights)}.partial`);
    await writeFile(left, Buffer.alloc(600_000, 7));
    const { path } = await openHub(settings()).download(id, "main");
    expect(await hashIn(path)).toBe(sha256(weights));
  });

  it("begins anew where the hub knows no ranges", async () => {
    server.noRanges = true;
    server.cuts.push(300_000);
    const { path } = await openHub(settings()).download(id, "main");
    expect(await hashIn(path)).toBe(sha256(weights));
  });

  it("takes the new file when the branch moved between two attempts", async () => {
    await cancelHalfway();
    const moved = Buffer.from(weights);
    moved.writeFloatLE(1, moved.byteLength - 4);
    const commits = { ...served().commits, [second]: { ...files, "model.safetensors": moved } };
    server.models.set(id, { branches: { main: second }, commits });
    const { path, commit } = await openHub(settings()).download(id, "main");
    expect(commit).toBe(second);
    expect(await hashIn(path)).toBe(sha256(moved));
  });

  it("waits as the hub asks when it is busy, and says so when it stays busy", async () => {
    server.busy.push({ status: 429, retryAfter: "0" }, { status: 503 });
    await openHub(settings()).outline(id, "main");
    server.busy.push(...Array.from({ length: 6 }, () => ({ status: 503 })));
    const error = await refusal(openHub(settings()).download(id, "main"));
    expect(error).toMatchObject({ code: "HUB_UNAVAILABLE", retryable: true });
    server.busy.splice(0, Number.POSITIVE_INFINITY, { status: 429, retryAfter: "3600" });
    const patient = await refusal(openHub(settings()).download(id, "main"));
    expect(patient.message).toContain("3600 s");
  });

  it("refuses wrong bytes with both hashes and keeps none of them", async () => {
    const wrong = Buffer.from(weights);
    wrong[wrong.byteLength - 1] ^= 1;
    server.wrong.set(sha256(weights), wrong);
    const error = await refusal(openHub(settings()).download(id, "main"));
    expect(error.code).toBe("HUB_FILE_DAMAGED");
    expect(error.message).toContain(sha256(weights));
    expect(error.message).toContain(sha256(wrong));
    expect(await keptModels(dir)).toEqual([]);
    server.wrong.clear();
    await openHub(settings()).download(id, "main");
  });

  it("is made once by two that ask at the same time", async () => {
    server.holdAfter = 500_000;
    const two = [openHub(settings()).download(id, "main"), openHub(settings()).download(id, "main")];
    await expect.poll(() => server.seen.filter(({ path }) => path.includes("/resolve/")).length).toBeGreaterThan(4);
    setTimeout(() => server.release(), 100);
    const [one, other] = await Promise.all(two);
    expect(one?.path).toBe(other?.path);
    expect(cdnRanges().length).toBe(1);
    expect(await hashIn(one?.path ?? "")).toBe(sha256(weights));
  });
});

describe("an outline", () => {
  it("can be checked like the model and takes the room of its headers", async () => {
    const { path } = await openHub(settings()).outline(id, "main");
    const [outlined, model] = [await openModel(path), await openModel(stories)];
    expect(outlined.config).toEqual(model.config);
    expect(outlined.sizeBytes).toBe(model.sizeBytes);
    const { size, blocks } = await stat(join(path, "model.safetensors"));
    expect(size).toBe(weights.byteLength);
    expect(blocks * 512).toBeLessThan(300_000);
    expect(await keptModels(dir)).toEqual([]);
  });

  it("of shards is followed by a download of shards that reads like the single file", async () => {
    const sharded = await mkdtemp(join(tmpdir(), "espalier-shards-"));
    const model = await openModel(stories);
    const all = await readWeights(model);
    const entries = [...model.tensors.values()].map(({ name, shape }) => ({
      name,
      shape,
      dtype: "F32" as const,
      data: all.get(name) ?? new Float32Array(),
    }));
    await writeShards(sharded, entries, {}, 300_000);
    const parts = filesOf(sharded);
    expect(Object.keys(parts).length).toBeGreaterThan(2);
    const { "model.safetensors": _, ...small } = files;
    server.models.set(id, { branches: { main: first }, commits: { [first]: { ...small, ...parts } } });
    const outline = await openHub(settings()).outline(id, "main");
    expect((await openModel(outline.path)).weightFiles.length).toBeGreaterThan(1);
    const { path } = await openHub(settings()).download(id, "main");
    expect(await modelHash(await openModel(path))).toBe(await modelHash(model));
    await rm(sharded, { recursive: true });
  });
});

describe("what a hub refuses", () => {
  it.each([
    [
      "a gated model without a token",
      undefined,
      "test/gated",
      /ask for access at http.*test\/gated.*ESPALIER_HUB_TOKEN/,
    ],
    ["a gated model with a token", "hf_x", "test/gated", /not been given access/],
  ])("%s", async (_name, token, gated, message) => {
    server.models.set(gated, { ...served(), gatedBy: "hf_right" });
    const error = await refusal(openHub(settings({ token })).outline(gated, "main"));
    expect(error).toMatchObject({ code: "HUB_ACCESS_DENIED", message: expect.stringMatching(message) });
    expect(error.message).not.toContain("hf_");
  });

  it("names the closest models and revisions", async () => {
    const model = await refusal(openHub(settings()).outline("test/storeys260K", "main"));
    expect(model).toMatchObject({ code: "MODEL_NOT_FOUND", message: expect.stringContaining(`'${id}'`) });
    const revision = await refusal(openHub(settings()).outline(id, "man"));
    expect(revision.message).toContain("no revision 'man'");
    expect(revision.message).toContain("'main'");
  });

  it("a model with pickles alone, and one that is larger than allowed", async () => {
    const { "model.safetensors": _, ...small } = files;
    const commits = { [first]: { ...small, "pytorch_model.bin": Buffer.from("x") } };
    server.models.set("test/pickle", { branches: { main: first }, commits });
    const pickle = await refusal(openHub(settings()).download("test/pickle", "main"));
    expect(pickle).toMatchObject({
      code: "MODEL_FORMAT_UNSAFE",
      message: expect.stringContaining("pytorch_model.bin"),
    });
    const large = await refusal(openHub(settings({ maxBytes: 1000 })).outline(id, "main"));
    expect(large).toMatchObject({
      code: "HUB_TOO_LARGE",
      message: expect.stringContaining(String(weights.byteLength)),
    });
  });

  it("nothing when it is closed, but for what is here already", async () => {
    const error = await refusal(openHub(settings({ isOpen: false })).outline(id, "main"));
    expect(error).toMatchObject({ code: "HUB_CLOSED", message: expect.stringContaining("ESPALIER_HUB=true") });
    const { path } = await openHub(settings()).download(id, "main");
    expect((await openHub(settings({ isOpen: false })).download(id, first)).path).toBe(path);
  });

  it("an address that is not public", async () => {
    const error = await refusal(openHub(settings({}, [])).download(id, "main"));
    expect(error).toMatchObject({
      code: "HUB_ADDRESS_REFUSED",
      message: expect.stringContaining("ESPALIER_HUB_ALLOWED_CIDRS"),
    });
  });

  it("an endpoint that is no hub", async () => {
    const hub = openHub(settings({ endpoint: `${server.endpoint}/api/models?author=test&x=` }));
    expect((await refusal(hub.download(id, "main"))).message).toContain("ESPALIER_HUB_ENDPOINT");
  });
});
