import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

/** Headers that keep browsers from doing more with an answer than show it. The reference page brings its own policy. */
export function registerSecurityHeaders(app: FastifyInstance): void {
  app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginResourcePolicy: { policy: "same-origin" },
    // Whoever terminates TLS in front of the service decides about HSTS.
    strictTransportSecurity: false,
  });
}
