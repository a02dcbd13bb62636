import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Webhook receivers in a process of their own, each on its own port: `slow` ones that accept a message and never answer,
 * and one healthy one, which tells the parent how long after its event each message came. Forked by `webhooks.ts`.
 */

const slowCount = Number(process.argv[2]);
let slowRequests = 0;

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

async function answerAtOnce(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const at = Date.now();
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  response.writeHead(204).end();
  const { timestamp } = JSON.parse(body) as { readonly timestamp: string };
  process.send?.({ kind: "received", seconds: (at - Date.parse(timestamp)) / 1000, slowRequests });
}

const slow = await Promise.all(
  Array.from({ length: slowCount }, () =>
    listen(() => {
      slowRequests += 1;
    }),
  ),
);
const healthy = await listen((request, response) => void answerAtOnce(request, response));
process.send?.({ kind: "listening", slow, healthy });
process.once("disconnect", () => process.exit(0));
