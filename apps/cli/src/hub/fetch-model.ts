import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type FromFetch, formatDuration } from "@espalier/contracts";
import { SingleBar } from "cli-progress";
import { CliError, exitCodes } from "../cli-error.js";
import type { HubName } from "./hub-name.js";
import { hubVariables } from "./hub-variables.js";

/** Codes that say that the machine or the network is at fault, not what was asked for. */
const UNREACHABLE = new Set(["HUB_UNAVAILABLE", "HUB_FILE_DAMAGED"]);
const FAILED = new Set(["INTERNAL", "STORAGE_FULL"]);

type Done = Extract<FromFetch, { kind: "done" }>;

/**
 * Downloads a model in a process of its own, with a bar on stderr where that is a terminal. Ended in the middle, the next
 * call goes on. Throws CliError.
 */
export function fetchModel(name: HubName, dataDir: string): Promise<Done> {
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith("ESPALIER_"));
  const child = fork(fileURLToPath(import.meta.resolve("@espalier/worker/fetch")), [name.hub, name.revision], {
    env: { ...Object.fromEntries(inherited), ...hubVariables(dataDir), ESPALIER_DATA_DIR: dataDir },
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const bar = downloadBar();
  return new Promise<Done>((resolve, reject) => {
    child.on("message", (message: FromFetch) => {
      if (message.kind === "progress") bar.update(message.doneBytes, message.totalBytes);
      else if (message.kind === "done") resolve(message);
      else reject(new CliError(message.message, exitCodeOf(message.code)));
    });
    child.once("exit", () =>
      reject(new CliError("The download ended in the middle. Run it again.", exitCodes.jobFailed)),
    );
  }).finally(() => bar.stop());
}

const exitCodeOf = (code: string) =>
  UNREACHABLE.has(code) ? exitCodes.unreachable : FAILED.has(code) ? exitCodes.jobFailed : exitCodes.badInput;

const MEGABYTE = 1e6;

function downloadBar(): { update(doneBytes: number, totalBytes: number): void; stop(): void } {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: "{bar} {value}/{total} MB{left}",
    clearOnComplete: true,
    hideCursor: true,
    fps: 4,
  });
  let first: { readonly at: number; readonly bytes: number } | undefined;
  bar.start(1, 0, { left: "" });
  return {
    update: (doneBytes, totalBytes) => {
      first ??= { at: performance.now(), bytes: doneBytes };
      const pace = (doneBytes - first.bytes) / (performance.now() - first.at);
      const left = pace > 0 ? ` · ${formatDuration((totalBytes - doneBytes) / pace / 1000)} left` : "";
      bar.setTotal(Math.ceil(totalBytes / MEGABYTE));
      bar.update(Math.floor(doneBytes / MEGABYTE), { left });
    },
    stop: () => bar.stop(),
  };
}
