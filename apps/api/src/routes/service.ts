import { AppError, healthView, versionView } from "@espalier/contracts";
import { mayReadMetrics } from "@espalier/telemetry";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { directAddress } from "../http/client-address.js";
import { problemResponse } from "../http/responses.js";
import { answersOf, runChecks } from "../status/run-checks.js";

type Deps = Pick<ApiDeps, "pings" | "version" | "metrics" | "metricsToken">;
/** Probes, version and the description of the API. */
export function serviceRoutes(app: Api, { pings, version, metrics, metricsToken }: Deps): void {
  const probe = (operationId: string, summary: string) => ({
    logLevel: "warn" as const,
    schema: {
      tags: ["service"],
      operationId,
      summary,
      security: [],
      response: { 200: healthView, 503: healthView, ...problemResponse },
    },
  });

  app.get("/livez", probe("livez", "Is the process alive?"), async () => ({ status: "ok" as const, checks: {} }));

  app.get("/readyz", probe("readyz", "Can it serve requests?"), async (_request, reply) => {
    const checks = await runChecks(pings);
    // Without the queue jobs are still accepted: their rows are delivered when it is back. Without files all but
    // downloads is served.
    const status = checks.postgres;
    return reply.code(status === "ok" ? 200 : 503).send({ status, checks });
  });

  app.get("/startupz", probe("startupz", "Has it started?"), async (_request, reply) => {
    const postgres = await answersOf(pings.postgres);
    return reply.code(postgres === "ok" ? 200 : 503).send({ status: postgres, checks: { postgres } });
  });

  app.get(
    "/metrics",
    {
      logLevel: "warn" as const,
      schema: {
        tags: ["service"],
        operationId: "getMetrics",
        summary: "Metrics in Prometheus' text format: for this machine, or with ESPALIER_METRICS_TOKEN as bearer",
        security: [],
        response: {
          200: { description: "Metrics", content: { "text/plain": { schema: z.string() } } },
          ...problemResponse,
        },
      },
    },
    async (request, reply) => {
      const { authorization } = request.headers;
      if (!mayReadMetrics(metricsToken, { authorization, remoteAddress: directAddress(request) })) {
        reply.header("www-authenticate", "Bearer");
        throw new AppError("UNAUTHORIZED", "Metrics are for this machine, or for who sends ESPALIER_METRICS_TOKEN.");
      }
      return reply.type(metrics.contentType).send(await metrics.text());
    },
  );

  app.get(
    "/version",
    {
      schema: {
        tags: ["service"],
        operationId: "getVersion",
        summary: "Which build this is",
        security: [],
        response: { 200: versionView, ...problemResponse },
      },
    },
    async () => ({ name: "espalier" as const, version, node: process.versions.node }),
  );

  app.get(
    "/openapi.json",
    {
      schema: {
        tags: ["service"],
        operationId: "getOpenApi",
        summary: "This description, in OpenAPI 3.1",
        security: [],
        response: { 200: z.looseObject({}).describe("OpenAPI document"), ...problemResponse },
      },
    },
    async () => ({ ...app.swagger() }),
  );
}
