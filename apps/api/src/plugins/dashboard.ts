import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

/**
 * Scripts, styles and pictures from this service alone, none of them inline. React places elements by
 * the style object, which a policy does not concern.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Pages that the dashboard draws; it finds out which from the URL. */
const pages = ["/", "/jobs", "/jobs/*", "/webhooks", "/webhooks/*", "/keys", "/health"];

const PAGE = "index.html";

/** Serves the built dashboard from a folder; without one (nothing was built) only the API answers. */
export function registerDashboard(app: FastifyInstance, folder: URL): void {
  const root = fileURLToPath(folder);
  if (!existsSync(`${root}${PAGE}`)) {
    app.log.warn({ event: "dashboard.missing" }, "the dashboard is not built: run npm run build");
    return;
  }
  app.register(async (scope) => {
    await scope.register(fastifyStatic, {
      root: `${root}assets`,
      prefix: "/assets/",
      index: false,
      // Names of built files contain a hash of what is in them.
      immutable: true,
      maxAge: "1y",
      preCompressed: true,
    });
    for (const page of pages) {
      scope.get(page, { schema: { hide: true } }, async (_request, reply) =>
        reply.header("content-security-policy", POLICY).sendFile(PAGE, root, { immutable: false, maxAge: 0 }),
      );
    }
  });
}
