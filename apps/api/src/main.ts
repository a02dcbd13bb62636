import { ConfigurationError } from "@espalier/contracts";
import { makeLogger } from "@espalier/telemetry";
import { type ApiConfig, loadConfig } from "./config.js";
import { keepHeapSmall } from "./heap-growth.js";
import { openService } from "./service.js";
import { readVersion } from "./version.js";

/** Exit code for a configuration that cannot be used, as the command line has it for bad input. */
const BAD_CONFIGURATION = 2;

/** A shutdown that takes longer is ended: supervisors lose patience at about this time. */
const SHUTDOWN_LIMIT_MS = 10_000;

function endWith(error: unknown): never {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  return process.exit(BAD_CONFIGURATION);
}

function configuration(): ApiConfig {
  try {
    return loadConfig(process.env);
  } catch (error) {
    return endWith(error);
  }
}

keepHeapSmall();
const config = configuration();
const logger = makeLogger({ service: "api", level: config.logLevel });
const service = await openService({
  config,
  logger,
  version: readVersion(),
  inspectorEntry: new URL("./inspect/child.js", import.meta.url),
}).catch(endWith);

let stopping = false;
async function stop(reason: string): Promise<void> {
  if (stopping) process.exit(1); // asked twice: at once
  stopping = true;
  logger.info({ event: "api.stopping", reason }, "stopping");
  setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
  await service.close();
  process.exit(0);
}
process.on("SIGTERM", () => void stop("SIGTERM"));
process.on("SIGINT", () => void stop("SIGINT"));
// Started by another process over IPC: it does not outlive that one.
process.on("disconnect", () => void stop("parent gone"));

const url = await service.app.listen({ host: config.host, port: config.port });
if (config.apiKey === undefined) {
  logger.warn(
    { event: "api.open" },
    "no ESPALIER_API_KEY: everybody on this machine may use the service until a key is made",
  );
}
logger.info({ event: "api.listening", url }, "listening");
process.send?.({ kind: "listening", url });
