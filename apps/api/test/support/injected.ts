import type { Send } from "@espalier/client";
import type { FastifyInstance, InjectOptions } from "fastify";

const BODILESS = new Set([204, 304]);

/** Sends a client's requests to an app that listens to nothing. */
export const injected =
  (app: FastifyInstance): Send =>
  async (request) => {
    const { pathname, search } = new URL(request.url);
    const payload = await request.text();
    const response = await app.inject({
      method: request.method as NonNullable<InjectOptions["method"]>,
      url: `${pathname}${search}`,
      headers: Object.fromEntries(request.headers),
      ...(payload !== "" && { payload }),
    });
    const headers = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const body = BODILESS.has(response.statusCode) ? null : response.rawPayload;
    return new Response(body, { status: response.statusCode, headers });
  };
