import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A real S3-compatible server on loopback: OpenStack Swift, where Debian's python3-swift is installed. */
export interface ObjectServer {
  readonly endpoint: string;
  /** What the AWS SDK reads: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`. */
  readonly credentials: { readonly AWS_ACCESS_KEY_ID: string; readonly AWS_SECRET_ACCESS_KEY: string };
  close(): Promise<void>;
}

/** Debian's own interpreter: its packages are not on the path of another one. */
const PYTHON = "/usr/bin/python3";
const script = fileURLToPath(new URL("swift-server.py", import.meta.url));
const USER = "espalier:tests";
const SECRET = "not-a-secret-canary-5f2b";

/** False: tests that need an S3-compatible server are skipped. `apt-get install python3-swift` on Debian or Ubuntu. */
export const hasObjectServer =
  spawnSync(PYTHON, ["-c", "import swift.obj.server, swift.common.middleware.s3api.s3api"]).status === 0;

export async function startObjectServer(): Promise<ObjectServer> {
  const folder = mkdtempSync(join(tmpdir(), "espalier-swift-"));
  const server = spawn(PYTHON, [script, folder, USER, SECRET], { stdio: ["pipe", "pipe", "ignore"] });
  const [port] = (await Promise.race([
    once(createInterface(server.stdout), "line"),
    once(server, "exit").then(() => Promise.reject(new Error("the object server ended before it listened"))),
  ])) as [string];
  return {
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { AWS_ACCESS_KEY_ID: USER, AWS_SECRET_ACCESS_KEY: SECRET },
    close: async () => {
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
