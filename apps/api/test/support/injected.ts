import type { Send } from "@espalier/client";
import type { InjectOptions, LightMyRequestResponse } from "fastify";

type Method = NonNullable<InjectOptions["method"]>;

const BODILESS = new Set([204, 304]);

/** Sends a client's requests to an app that listens to nothing. */
export const injected =
  (send: (request: InjectOptions & { method: Method; url: string }) => Promise<LightMyRequestResponse>): Send =>
  async (request) => {
    const { pathname, search } = new URL(request.url);
    const payload = await request.text();
    const response = await send({
      method: request.method as Method,
      url: `${pathname}${search}`,
      headers: Object.fromEntries(request.headers),
      ...(payload !== "" && { payload }),
    });
    const headers = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const body = BODILESS.has(response.statusCode) ? null : response.rawPayload;
    return new Response(body, { status: response.statusCode, headers });
  };
