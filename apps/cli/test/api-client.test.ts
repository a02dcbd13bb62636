import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ApiClient } from "../src/client/api-client.js";

const EMPTY = { data: [], has_more: false, next_cursor: null };

const REFUSED = {
  type: "urn:espalier:error:RATE_LIMITED",
  title: "Too many requests",
  status: 429,
  detail: "More than 3 reads in a minute.",
  instance: "/v1/api-keys",
  code: "RATE_LIMITED",
  request_id: "req_1",
};

describe("the client", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** A client of a server that refuses so many requests, and the number that came. */
  async function clientRefused(times: number): Promise<{ client: ApiClient; asked: () => number }> {
    let asked = 0;
    server = createServer((_request, response) => {
      const isRefused = asked++ < times;
      response.writeHead(isRefused ? 429 : 200, { "content-type": "application/json", "retry-after": "0" });
      response.end(JSON.stringify(isRefused ? REFUSED : EMPTY));
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return { client: new ApiClient({ url: `http://127.0.0.1:${port}` }), asked: () => asked };
  }

  it("comes back as it is told to when there were too many requests", async () => {
    const { client, asked } = await clientRefused(2);
    expect(await client.keys.list(1)).toEqual(EMPTY);
    expect(asked()).toBe(3);
  });

  it("gives up when it is refused for long", async () => {
    const { client, asked } = await clientRefused(100);
    await expect(client.keys.list(1)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("Too many requests"),
    });
    expect(asked()).toBe(3);
  });
});
