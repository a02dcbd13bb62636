import { basename, extname } from "node:path";
import { AppError, type ArtifactView, artifactList } from "@espalier/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { parseRange, type Range } from "../http/byte-range.js";
import { namesEtag } from "../http/etag.js";
import { problemResponse } from "../http/responses.js";
import { artifactParams, jobParams } from "./path-parameters.js";

type Deps = Pick<ApiDeps, "views" | "objects">;

const contentTypes: Readonly<Record<string, string>> = {
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
};

/** Headers of a file that never changes under its name and hash. */
function describeFile(reply: FastifyReply, { name, sha256 }: ArtifactView): string {
  const etag = `"${sha256}"`;
  reply
    .header("etag", etag)
    .header("accept-ranges", "bytes")
    .header("cache-control", "private, no-cache")
    .header("content-disposition", `attachment; filename="${basename(name).replaceAll(/[^\w.-]/g, "_")}"`)
    .header("repr-digest", `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`)
    .type(contentTypes[extname(name)] ?? "application/octet-stream");
  return etag;
}

/** Range that applies: none for HEAD (RFC 9110 §14.2), or when `If-Range` names another version of the file. */
function rangeOf(request: FastifyRequest, reply: FastifyReply, etag: string, size: number): Range | undefined {
  const ifRange = request.headers["if-range"];
  if (request.method !== "GET" || (ifRange !== undefined && ifRange !== etag)) return undefined;
  try {
    return parseRange(request.headers.range, size);
  } catch (error) {
    if (error instanceof AppError) reply.header("content-range", `bytes */${size}`);
    throw error;
  }
}

/** List and download the files of a finished job. */
export function artifactRoutes(app: Api, { views, objects }: Deps): void {
  app.get(
    "/v1/jobs/:id/artifacts",
    {
      schema: {
        tags: ["artifacts"],
        operationId: "listArtifacts",
        summary: "List a job's files",
        params: jobParams,
        response: { 200: artifactList, ...problemResponse },
      },
    },
    async (request) => ({ data: [...(await views.artifacts(request.params.id))] }),
  );

  app.route({
    method: ["GET", "HEAD"],
    url: "/v1/jobs/:id/artifacts/*",
    exposeHeadRoute: false,
    schema: {
      tags: ["artifacts"],
      operationId: "downloadArtifact",
      summary: "Download a file, or a range of it",
      params: artifactParams,
      produces: ["application/octet-stream"],
    },
    handler: async (request, reply) => {
      const { id, "*": name } = request.params;
      const file = await views.artifact(id, name);
      const etag = describeFile(reply, file);
      if (namesEtag(request.headers["if-none-match"], etag)) return reply.code(304).send();
      const range = rangeOf(request, reply, etag, file.size_bytes);
      const length = range === undefined ? file.size_bytes : range.end - range.start + 1;
      reply.header("content-length", length);
      if (request.method === "HEAD") return reply.send();
      const { stream } = await objects.openRead(id, name, range);
      if (range !== undefined)
        reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${file.size_bytes}`);
      return reply.send(stream);
    },
  });
}
