import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it, vi } from "vitest";
import { makeDeliverer, newSecret } from "../src/index.js";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const document = readFileSync(join(repository, "docs/webhooks.md"), "utf8");
const sample = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(document)?.[1] ?? "";

const python = (code: string): boolean => spawnSync("python3", ["-c", code]).status === 0;
const hasPython = python("import sys; assert sys.version_info >= (3, 9)");

/** In the place of the published package where that is not installed: the scheme of Standard Webhooks 1.0, by its text. */
const VERIFIER = `
import base64, hashlib, hmac, json

class Webhook:
    def __init__(self, secret):
        self.key = base64.b64decode(secret.removeprefix("whsec_"))

    def verify(self, body, headers):
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
        expected = base64.b64encode(hmac.new(self.key, signed, hashlib.sha256).digest()).decode()
        if not any(hmac.compare_digest(s, "v1," + expected) for s in headers["webhook-signature"].split(" ")):
            raise ValueError("no signature fits")
        return json.loads(body)
`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("the receivers of docs/webhooks.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "espalier-receiver-"));
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  const started: ChildProcess[] = [];
  const deliverer = makeDeliverer({ allowHttp: true, allowedCidrs: ["127.0.0.0/8"], now: Date.now });
  afterAll(async () => {
    for (const child of started) child.kill("SIGKILL");
    await deliverer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(language: string, file: string, command: string, ...flags: string[]) {
    const [port, secret] = [await freePort(), newSecret()];
    writeFileSync(join(folder, file), sample(language).replace("3000", String(port)));
    const child = spawn(command, [...flags, file], { cwd: folder, env: { ...process.env, ESPALIER_SECRET: secret } });
    started.push(child);
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    const url = `http://127.0.0.1:${port}/`;
    await vi.waitFor(() => fetch(url), { timeout: 30_000, interval: 100 });
    return { url, secret, output: () => output };
  }

  const send = (url: string, secret: string) =>
    deliverer.deliver({ id: "msg_1", url, body: '{"type":"job.failed"}', secrets: [secret] });

  async function verifies(...receiver: Parameters<typeof start>): Promise<void> {
    const { url, secret, output } = await start(...receiver);
    expect(await send(url, secret)).toMatchObject({ kind: "delivered", status: 204 });
    expect(await send(url, newSecret())).toMatchObject({ kind: "failed", status: 400 });
    await vi.waitFor(() => expect(output()).toContain("msg_1"), { timeout: 20_000 });
  }

  it("in TypeScript takes what we sign and refuses what somebody else signed", () =>
    verifies("ts", "receiver.ts", process.execPath, "--import", "tsx"));

  it.skipIf(!hasPython)("in Python does so too (needs python3)", () => {
    if (!python("import standardwebhooks")) {
      mkdirSync(join(folder, "standardwebhooks"));
      writeFileSync(join(folder, "standardwebhooks/webhooks.py"), VERIFIER);
    }
    return verifies("python", "receiver.py", "python3", "-u");
  });
});
