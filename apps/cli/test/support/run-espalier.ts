import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../../bin/espalier.js", import.meta.url));

/** Runs the built command with these variables and nothing else of this environment; rejects when it exits with an error. */
export const runEspalier = (
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly stdout: string; readonly stderr: string }> =>
  run(process.execPath, [program, ...flags], { env: { PATH: process.env["PATH"], ...env } });
