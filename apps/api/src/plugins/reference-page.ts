import scalar from "@scalar/fastify-api-reference";
import type { FastifyInstance } from "fastify";

/** The page brings its script with it; this keeps it from asking anybody else for anything. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Serves a readable form of the OpenAPI description at `/docs`. */
export function registerReferencePage(app: FastifyInstance): void {
  app.register(scalar, {
    routePrefix: "/docs",
    configuration: {
      url: "/openapi.json",
      withDefaultFonts: false,
      telemetry: false,
      // What remains would send the description to somebody else's service.
      showDeveloperTools: "never",
      agent: { disabled: true },
      mcp: { disabled: true },
    },
    hooks: {
      onRequest: (_request, reply, done) => {
        reply.header("content-security-policy", POLICY);
        done();
      },
    },
  });
}
