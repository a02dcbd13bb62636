import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** A model on the server: its branches, and files by commit. */
export interface ServedModel {
  readonly branches: Record<string, string>;
  readonly commits: Record<string, Readonly<Record<string, Buffer>>>;
  /** Files need this token, and without it the hub says that the model is gated. */
  gatedBy?: string;
  /** The model is unknown without this token. */
  privateTo?: string;
}

export interface SeenRequest {
  readonly from: "hub" | "cdn";
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
  readonly status: number;
}

/** A server that speaks a Hugging Face hub's HTTP, with large files on a second host as at a CDN. */
export interface HubServer {
  readonly endpoint: string;
  readonly models: Map<string, ServedModel>;
  readonly seen: SeenRequest[];
  /** Each entry cuts one answer of the CDN after so many bytes. */
  readonly cuts: number[];
  /** Each entry is the answer to one request of the hub: its status and `Retry-After`. */
  readonly busy: { readonly status: number; readonly retryAfter?: string }[];
  /** Content that the CDN sends in place of the right one, by SHA-256. */
  readonly wrong: Map<string, Buffer>;
  /** Listings without sizes and hashes, as mirrors have them. */
  plainListing: boolean;
  /** The CDN ignores ranges. */
  noRanges: boolean;
  /** Bytes that the CDN sends before it waits for `release`. */
  holdAfter: number | undefined;
  release(): void;
  close(): Promise<void>;
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const gitSha1 = (bytes: Uint8Array): string =>
  createHash("sha1").update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");

/** The files of a folder, as a revision holds them. */
export const filesOf = (dir: string): Record<string, Buffer> =>
  Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name))]));

/** Hubs keep these with LFS, whatever their size. */
const isLarge = (name: string): boolean => /\.(?:safetensors|bin|model)$/.test(name);

/** A commit made of its number. */
export const commitNumber = (n: number): string => n.toString(16).padStart(40, "0");

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function startHubServer(models: Readonly<Record<string, ServedModel>> = {}): Promise<HubServer> {
  const contents = new Map<string, Buffer>();
  let held: (() => void)[] = [];
  const hub: Omit<HubServer, "endpoint"> = {
    models: new Map(Object.entries(models)),
    seen: [],
    cuts: [],
    busy: [],
    wrong: new Map(),
    plainListing: false,
    noRanges: false,
    holdAfter: undefined,
    release: () => {
      state.holdAfter = undefined;
      for (const go of held) go();
      held = [];
    },
    close: async () => {
      for (const server of [front, cdn]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  const state = hub as HubServer;
  const note = (from: SeenRequest["from"], request: IncomingMessage, response: ServerResponse): void => {
    const { method = "", url = "", headers } = request;
    response.once("close", () =>
      hub.seen.push({
        from,
        method,
        path: url,
        range: headers.range,
        authorization: headers.authorization,
        status: response.statusCode,
      }),
    );
  };
  const cdn = createServer((request, response) => {
    note("cdn", request, response);
    const hash = (request.url ?? "").slice(1, 65);
    const bytes = state.wrong.get(hash) ?? contents.get(hash);
    if (bytes === undefined) {
      refuse(response, 404);
      return;
    }
    send(request, response, bytes);
  });
  const cdnUrl = await listen(cdn);
  const front = createServer((request, response) => {
    note("hub", request, response);
    answer(request, response);
  });
  const endpoint = await listen(front);

  function send(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(state.noRanges ? "" : (request.headers.range ?? "")) ?? [];
    const start = Number(from ?? 0);
    const end = to === undefined || to === "" ? bytes.byteLength : Math.min(Number(to) + 1, bytes.byteLength);
    const part = bytes.subarray(start, end);
    response.writeHead(from === undefined ? 200 : 206, {
      "content-length": part.byteLength,
      ...(from === undefined ? {} : { "content-range": `bytes ${start}-${end - 1}/${bytes.byteLength}` }),
    });
    const cut = state.cuts.shift();
    if (cut !== undefined) {
      response.write(part.subarray(0, cut), () => response.destroy());
      return;
    }
    const hold = state.holdAfter;
    if (hold === undefined || part.byteLength <= hold) {
      finish(response, part);
      return;
    }
    response.write(part.subarray(0, hold));
    held.push(() => response.end(part.subarray(hold)));
  }

  function finish(response: ServerResponse, body: unknown): void {
    response.end(body instanceof Buffer ? body : JSON.stringify(body));
  }

  function refuse(response: ServerResponse, status: number, code?: string): void {
    response.writeHead(status, code === undefined ? {} : { "x-error-code": code }).end(JSON.stringify({ error: code }));
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const busy = state.busy.shift();
    if (busy !== undefined) {
      response.writeHead(busy.status, busy.retryAfter === undefined ? {} : { "retry-after": busy.retryAfter }).end();
      return;
    }
    const url = new URL(request.url ?? "/", endpoint);
    const author = url.searchParams.get("author");
    if (url.pathname === "/api/models" && author !== null) {
      const found = [...hub.models.keys()].filter((id) => id.startsWith(`${author}/`)).map((id) => ({ id }));
      finish(response, found);
      return;
    }
    const api = /^\/api\/models\/([^/]+\/[^/]+)\/(?:revision\/([^/]+)|(refs))$/.exec(url.pathname);
    const file = /^\/([^/]+\/[^/]+)\/resolve\/([0-9a-f]{40})\/([^/]+)$/.exec(url.pathname);
    const id = api?.[1] ?? file?.[1] ?? "";
    const model = hub.models.get(id);
    const token = request.headers.authorization?.replace("Bearer ", "");
    if (model === undefined || (model.privateTo !== undefined && model.privateTo !== token)) {
      refuse(response, token === undefined ? 401 : 404, "RepoNotFound");
      return;
    }
    if (api?.[3] === "refs") {
      const branches = Object.entries(model.branches).map(([name, targetCommit]) => ({ name, targetCommit }));
      finish(response, { branches, tags: [], converts: [] });
      return;
    }
    if (api !== null) {
      list(response, id, model, decodeURIComponent(api[2] ?? ""));
      return;
    }
    if (file !== null) resolve(request, response, model, file[2] ?? "", decodeURIComponent(file[3] ?? ""), token);
    else refuse(response, 404);
  }

  function list(response: ServerResponse, id: string, model: ServedModel, revision: string): void {
    const sha = model.branches[revision] ?? revision;
    const files = model.commits[sha];
    if (files === undefined) {
      refuse(response, 404, "RevisionNotFound");
      return;
    }
    const siblings = Object.entries(files).map(([rfilename, bytes]) => ({
      rfilename,
      ...(state.plainListing
        ? {}
        : {
            size: bytes.byteLength,
            blobId: gitSha1(bytes),
            ...(isLarge(rfilename) && { lfs: { sha256: sha256(bytes), size: bytes.byteLength, pointerSize: 134 } }),
          }),
    }));
    response.end(JSON.stringify({ id, sha, gated: model.gatedBy !== undefined, siblings }));
  }

  function resolve(
    request: IncomingMessage,
    response: ServerResponse,
    model: ServedModel,
    commit: string,
    name: string,
    token: string | undefined,
  ): void {
    const bytes = model.commits[commit]?.[name];
    if (bytes === undefined) {
      refuse(response, 404, "EntryNotFound");
      return;
    }
    if (model.gatedBy !== undefined && model.gatedBy !== token) {
      refuse(response, token === undefined ? 401 : 403, "GatedRepo");
      return;
    }
    if (!isLarge(name)) {
      response.setHeader("etag", `"${gitSha1(bytes)}"`);
      if (request.method === "HEAD") {
        response.setHeader("content-length", bytes.byteLength).end();
        return;
      }
      finish(response, bytes);
      return;
    }
    const hash = sha256(bytes);
    contents.set(hash, bytes);
    response
      .writeHead(302, {
        location: `${cdnUrl}/${hash}?Signature=signed-for-you`,
        "x-linked-etag": `"${hash}"`,
        "x-linked-size": String(bytes.byteLength),
      })
      .end();
  }

  return Object.assign(hub, { endpoint });
}
