import { basename, extname } from "node:path";
import { AppError, type ArtifactView, artifactList, artifactQuery, type JobId } from "@espalier/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { parseRange, type Range } from "../http/byte-range.js";
import { namesEtag } from "../http/etag.js";
import { problemResponse } from "../http/responses.js";
import { STREAM_TIMEOUT_MS } from "../http/stream-timeout.js";
import { artifactParams, jobParams } from "./path-parameters.js";

type Deps = Pick<ApiDeps, "views" | "objects">;

type ArtifactParams = z.infer<typeof artifactParams>;

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

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  objects: Deps["objects"],
  jobId: JobId,
  file: ArtifactView,
): Promise<FastifyReply> {
  const etag = describeFile(reply, file);
  if (namesEtag(request.headers["if-none-match"], etag)) return reply.code(304).send();
  const size = file.size_bytes;
  const range = rangeOf(request, reply, etag, size);
  reply.header("content-length", range === undefined ? size : range.end - range.start + 1);
  if (request.method === "HEAD") return reply.send();
  const { stream } = await objects.openRead(jobId, { name: file.name, sizeBytes: size, sha256: file.sha256 }, range);
  if (range !== undefined) reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${size}`);
  return reply.send(stream);
}

/** List and download the files of a finished job. */
export function artifactRoutes(app: Api, { views, objects }: Deps): void {
  const answerFile = async (request: FastifyRequest, reply: FastifyReply, { id, "*": name }: ArtifactParams) =>
    sendFile(request, reply, objects, id, await views.artifact(id, name));

  app.get(
    "/v1/jobs/:id/artifacts",
    {
      config: { scope: "artifacts:read" },
      schema: {
        tags: ["artifacts"],
        operationId: "listArtifacts",
        summary: "List a job's files, and the models that they make",
        params: jobParams,
        querystring: artifactQuery,
        response: { 200: artifactList, ...problemResponse },
      },
    },
    async ({ params, query }) => views.artifacts(params.id, query.export),
  );

  app.get(
    "/v1/jobs/:id/artifacts/*",
    {
      config: { scope: "artifacts:read" },
      exposeHeadRoute: false,
      handlerTimeout: STREAM_TIMEOUT_MS,
      schema: {
        tags: ["artifacts"],
        operationId: "downloadArtifact",
        summary: "Download a file, or a range of it",
        params: artifactParams,
        response: {
          200: { description: "The file", content: { "application/octet-stream": { schema: z.string() } } },
          206: { description: "A range of it", content: { "application/octet-stream": { schema: z.string() } } },
          304: z.undefined().describe("Unchanged"),
          ...problemResponse,
        },
      },
    },
    async (request, reply) => answerFile(request, reply, request.params),
  );

  app.head(
    "/v1/jobs/:id/artifacts/*",
    { config: { scope: "artifacts:read" }, schema: { hide: true, params: artifactParams } },
    async (request, reply) => answerFile(request, reply, request.params),
  );
}
