import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { makeDeliverer, newSecret } from "../src/index.js";

const secret = newSecret();
const body = JSON.stringify({ type: "job.succeeded", timestamp: "2026-01-01T00:00:00Z", data: { sequence: 3 } });
const servers: Server[] = [];

async function receive(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

const answering = (status: number, headers: Record<string, string> = {}) =>
  receive((_request, response) => response.writeHead(status, headers).end("ok"));

const open = { allowedCidrs: ["127.0.0.0/8"], allowHttp: true, now: Date.now };
const deliver = async (url: string, settings: Partial<Parameters<typeof makeDeliverer>[0]> = open) => {
  const deliverer = makeDeliverer({ now: Date.now, ...settings });
  const outcome = await deliverer.deliver({ id: "msg_1", url, body, secrets: [secret] });
  await deliverer.close();
  return outcome;
};

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe("deliver", () => {
  it("posts a body that the published verifier accepts", async () => {
    let received: unknown;
    const url = await receive(async (request, response) => {
      received = new Webhook(secret).verify(await textOf(request), request.headers as Record<string, string>);
      response.writeHead(204).end();
    });
    expect(await deliver(url)).toMatchObject({ kind: "delivered", status: 204, error: null });
    expect(received).toEqual(JSON.parse(body));
  });

  it("signs with every secret: both receivers of a rotation verify", async () => {
    const [current, previous] = [newSecret(), newSecret()];
    const headers: Record<string, string>[] = [];
    const url = await receive((request, response) => {
      headers.push(request.headers as Record<string, string>);
      response.writeHead(204).end();
    });
    const deliverer = makeDeliverer(open);
    await deliverer.deliver({ id: "msg_1", url, body, secrets: [current, previous] });
    await deliverer.close();
    const [sent = {}] = headers;
    expect(sent["webhook-signature"]).toMatch(/^v1,\S+ v1,\S+$/);
    for (const known of [current, previous]) expect(new Webhook(known).verify(body, sent)).toEqual(JSON.parse(body));
    expect(() => new Webhook(newSecret()).verify(body, sent)).toThrow("No matching signature found");
  });

  it.each([200, 201, 299])("counts %i as delivered", async (status) => {
    expect((await deliver(await answering(status))).kind).toBe("delivered");
  });

  it.each([400, 404, 500, 503])("counts %i as failed", async (status) => {
    expect(await deliver(await answering(status))).toMatchObject({ kind: "failed", status });
  });

  it("does not follow redirects", async () => {
    let followed = false;
    const target = await receive((_request, response) => {
      followed = true;
      response.end();
    });
    const outcome = await deliver(await answering(307, { location: target }));
    expect(outcome).toMatchObject({ kind: "failed", status: 307, error: "Redirects are not followed." });
    expect(followed).toBe(false);
  });

  it("reports a receiver that is gone", async () => {
    expect(await deliver(await answering(410))).toMatchObject({ kind: "gone", status: 410 });
  });

  it("hands on Retry-After", async () => {
    expect((await deliver(await answering(429, { "retry-after": "120" }))).retryAfterSeconds).toBe(120);
  });

  it("gives up on a receiver that never answers", async () => {
    const url = await receive(() => undefined);
    const outcome = await deliver(url, { ...open, timeoutMs: 200 });
    expect(outcome).toMatchObject({ kind: "failed", status: null });
  });

  it("ends an answer that drips for ever with the time of the attempt; its status has decided", async () => {
    let isOpen = true;
    const url = await receive((_request, response) => {
      const drip = setInterval(() => response.write("."), 20);
      response.on("close", () => {
        isOpen = false;
        clearInterval(drip);
      });
    });
    expect(await deliver(url, { ...open, timeoutMs: 2000 })).toMatchObject({ kind: "delivered", status: 200 });
    await vi.waitFor(() => expect(isOpen).toBe(false), { timeout: 20_000 });
  });

  it("stops reading an endless answer", async () => {
    let sent = 0;
    const url = await receive((_request, response) => {
      const chunk = Buffer.alloc(16_384);
      const write = (): void => {
        if (response.destroyed) return;
        sent += chunk.length;
        response.write(chunk, () => setImmediate(write));
      };
      write();
    });
    expect((await deliver(url)).kind).toBe("delivered");
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it("says the same of a closed port and of a silent one", async () => {
    const silent = await deliver(await receive(() => undefined), { ...open, timeoutMs: 200 });
    const closed = await deliver("http://127.0.0.1:9/", { ...open, timeoutMs: 200 });
    expect(closed.error).toBe(silent.error);
  });

  it("connects to nothing that the guard refuses, and says no more about open than about closed ports", async () => {
    let connections = 0;
    const url = await receive((_request, response) => {
      connections += 1;
      response.end();
    });
    const { port } = new URL(url);
    const settings = { allowHttp: true };
    const outcomes = [
      await deliver(url, settings),
      await deliver("http://127.0.0.1:9/", settings),
      await deliver(`http://localhost:${port}/`, settings),
      await deliver(`http://[::ffff:127.0.0.1]:${port}/`, settings),
    ];
    expect(connections).toBe(0);
    expect(new Set(outcomes.map((outcome) => outcome.error))).toEqual(
      new Set(["The address is refused: it is not a public one."]),
    );
  });
});
