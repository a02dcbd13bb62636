import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mayReadMetrics } from "./may-read-metrics.js";

export interface MetricsServerOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly token: string | undefined;
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
  /** Whether the process takes work: what `/startupz` and `/readyz` say. */
  readonly isReady: () => boolean;
}

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

const PROBES = new Set(["/livez", "/readyz", "/startupz"]);

/** Serves `GET /metrics` and the probes of a process that has no other HTTP server. */
export async function serveMetrics({
  host,
  port,
  token,
  metrics,
  isReady,
}: MetricsServerOptions): Promise<MetricsServer> {
  const server = createServer(async (request, response): Promise<void> => {
    const end = (status: number, text: string, type = "text/plain; charset=utf-8"): void =>
      void response.writeHead(status, { "content-type": type, "x-content-type-options": "nosniff" }).end(text);
    const path = request.url?.split("?")[0];
    if (request.method !== "GET" || path === undefined) return end(404, "not found\n");
    if (PROBES.has(path)) return path === "/livez" || isReady() ? end(200, "ok\n") : end(503, "not ready\n");
    if (path !== "/metrics") return end(404, "not found\n");
    const { authorization } = request.headers;
    if (!mayReadMetrics(token, { authorization, remoteAddress: request.socket.remoteAddress })) {
      response.setHeader("www-authenticate", "Bearer");
      return end(401, "unauthorized\n");
    }
    await metrics.text().then(
      (text) => end(200, text, metrics.contentType),
      () => end(500, "the metrics could not be collected\n"),
    );
  });
  server.requestTimeout = 10_000;
  server.listen(port, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
