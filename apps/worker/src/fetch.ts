import { AppError, type FromFetch, hubEnvironment, readEnvironment } from "@espalier/contracts";
import { openWorkerHub } from "./open-worker-hub.js";
import { throttledBytes } from "./throttled-bytes.js";

/** `node fetch.js OWNER/NAME REVISION`, forked by the command line: downloads a model and tells how far it is. */

const tell = (message: FromFetch): void => {
  if (process.connected) process.send?.(message);
};
const [id = "", revision = ""] = process.argv.slice(2);
// Whoever started it is gone; what is there is kept for the next time.
process.on("disconnect", () => process.exit());

try {
  const env = readEnvironment([...hubEnvironment, "ESPALIER_DATA_DIR"], process.env);
  const onProgress = throttledBytes(({ doneBytes, totalBytes }) => tell({ kind: "progress", doneBytes, totalBytes }));
  const { hub, commit, path } = await openWorkerHub(env).download(id, revision, { onProgress });
  tell({ kind: "done", hub, revision: commit, path });
} catch (error) {
  const code = error instanceof AppError ? error.code : "INTERNAL";
  tell({ kind: "failed", code, message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
process.disconnect?.();
