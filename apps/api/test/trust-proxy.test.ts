import { Writable } from "node:stream";
import { makeLogger } from "@espalier/telemetry";
import { afterEach, describe, expect, it } from "vitest";
import { startService, type TestService } from "./support/service.js";

const PROXY = "10.1.2.3";
const READS = 3;

describe("a client's address", () => {
  let service: TestService | undefined;
  let lines: string[] = [];
  afterEach(() => service?.close());

  async function start(trustedProxies: readonly string[]): Promise<void> {
    lines = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const logger = makeLogger({ service: "api", level: "info" }, sink);
    service = await startService({ trustedProxies, rateLimits: { reads: READS, writes: 0 } }, logger);
  }

  async function ask(remoteAddress: string, forwarded?: string, url = "/v1/models") {
    const headers = { host: "localhost", ...(forwarded !== undefined && { "x-forwarded-for": forwarded }) };
    return service?.app.inject({ url, headers, remoteAddress });
  }

  /** Statuses of one request more than the limit allows, each with another header. */
  async function statuses(remoteAddress: string, forwarded: (n: number) => string): Promise<(number | undefined)[]> {
    const found = [];
    for (let n = 0; n <= READS; n++) found.push((await ask(remoteAddress, forwarded(n)))?.statusCode);
    return found;
  }

  const LIMITED = [200, 200, 200, 429];
  const FREE = [200, 200, 200, 200];
  const logged = () => lines.map((line) => JSON.parse(line).client_address).filter((address) => address !== undefined);

  it("is the peer's while no proxy is trusted, whatever a header says", async () => {
    await start([]);
    expect(await statuses("203.0.113.9", (n) => `198.51.100.${n}`)).toEqual(LIMITED);
    expect(new Set(logged())).toEqual(new Set(["203.0.113.9"]));
  });

  it("is what a trusted proxy says, and not what others forge", async () => {
    await start(["10.0.0.0/8"]);
    expect(await statuses(PROXY, (n) => `198.51.100.${n}`)).toEqual(FREE);
    expect(await statuses("203.0.113.9", (n) => `192.0.2.${n}`)).toEqual(LIMITED);
    // The proxy appends the true address to what the client claimed.
    expect(await statuses(PROXY, (n) => `192.0.2.${n}, 198.51.100.77`)).toEqual(LIMITED);
    expect(new Set(logged().slice(-READS))).toEqual(new Set(["198.51.100.77"]));
  });

  it("is the last that no proxy of a chain stands behind", async () => {
    await start([`${PROXY}/32`, "10.9.0.0/16"]);
    expect(await statuses(PROXY, (n) => `192.0.2.${n}, 198.51.100.1, 10.9.9.9`)).toEqual(LIMITED);
    expect(await statuses(PROXY, (n) => `192.0.2.6, 198.51.100.1${n}, 10.9.9.9`)).toEqual(FREE);
  });

  it("is the peer's where a proxy hands on what is no address", async () => {
    await start(["10.0.0.0/8"]);
    expect(await statuses(PROXY, (n) => `unknown-${n}`)).toEqual(LIMITED);
    expect(new Set(logged())).toEqual(new Set([PROXY]));
  });

  it("opens no metrics to who claims to be this machine", async () => {
    await start(["127.0.0.0/8", "10.0.0.0/8"]);
    expect((await ask("127.0.0.1", undefined, "/metrics"))?.statusCode).toBe(200);
    expect((await ask(PROXY, "127.0.0.1", "/metrics"))?.statusCode).toBe(401);
    expect((await ask("127.0.0.1", "203.0.113.9", "/metrics"))?.statusCode).toBe(401);
  });
});
