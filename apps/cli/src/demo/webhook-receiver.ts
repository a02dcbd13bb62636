import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type WebhookBody, webhookBody } from "@espalier/contracts";
import { Webhook } from "standardwebhooks";

export interface WebhookReceiver {
  readonly url: string;
  /** The first event whose signature verified. Rejects after `milliseconds`. */
  first(milliseconds: number): Promise<WebhookBody>;
  close(): Promise<void>;
}

/** A receiver on this machine that checks signatures with the published Standard Webhooks verifier. */
export async function startWebhookReceiver(secret: string): Promise<WebhookReceiver> {
  const verifier = new Webhook(secret);
  let accept: (event: WebhookBody) => void;
  const arrived = new Promise<WebhookBody>((resolve) => {
    accept = resolve;
  });
  const server = createServer(async (request, response) => {
    const body = await text(request);
    try {
      const event = verifier.verify(body, request.headers as Record<string, string>);
      accept(webhookBody.parse(event));
      response.writeHead(204).end();
    } catch {
      response.writeHead(400).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/espalier`,
    first: (milliseconds) => Promise.race([arrived, timeout(milliseconds)]),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function timeout(milliseconds: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(
      () => reject(new Error(`no signed webhook arrived within ${milliseconds / 1000} s`)),
      milliseconds,
    ).unref();
  });
}
