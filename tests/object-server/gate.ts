import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What is done with a request: passed on, answered with this status and code at once, or never answered. */
export type Verdict = "pass" | "hold" | { readonly status: number; readonly code: string };

/** An address in front of a server, at which a test decides what becomes of each request. */
export interface Gate {
  readonly endpoint: string;
  /** Of every request from now on; all pass at first. */
  judge(verdict: (request: IncomingMessage) => Verdict): void;
  /** Resolves when a request is held. */
  held(): Promise<unknown>;
  close(): Promise<void>;
}

export async function openGate(endpoint: string): Promise<Gate> {
  const { hostname, port } = new URL(endpoint);
  let judge: (request: IncomingMessage) => Verdict = () => "pass";
  const server = createServer((incoming, answer) => {
    const verdict = judge(incoming);
    if (verdict === "hold") server.emit("held");
    else if (verdict === "pass") passOn(incoming, answer);
    else {
      incoming.resume();
      answer.writeHead(verdict.status).end(`<Error><Code>${verdict.code}</Code></Error>`);
    }
  });
  function passOn(incoming: IncomingMessage, answer: ServerResponse): void {
    const { method, url: path, headers } = incoming;
    const passed = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      const { connection: _, "transfer-encoding": __, ...rest } = response.headers;
      answer.writeHead(response.statusCode ?? 502, rest);
      // Swift sends a body after the head that HEAD asked for, which no parser of HTTP takes.
      if (method === "HEAD") answer.end();
      else response.pipe(answer);
    });
    passed.on("error", () => {
      if (!answer.headersSent) answer.destroy();
    });
    answer.on("close", () => passed.destroy());
    incoming.pipe(passed);
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    judge: (verdict) => {
      judge = verdict;
    },
    held: () => once(server, "held"),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
