import { createInterface } from "node:readline";
import { loadSchemaEngine, panics } from "./load-wasm.mjs";
import { log } from "./log.mjs";
import { makeAdapterFactory } from "./postgres-adapter.mjs";

/** Methods that the WebAssembly build names otherwise. */
const ALIASES = { getDatabaseVersion: "version" };

/** The engine panics without a datamodel, which some commands do not send. */
const EMPTY_DATAMODEL = [["schema.prisma", 'datasource db {\n  provider = "postgresql"\n}\n']];

const PANIC_EXIT_CODE = 101;
const JSON_RPC_ENGINE_ERROR = 4466;

/** Above every id that the command line uses, for requests that we send. */
const OWN_IDS = 1_000_000;

/** Answers JSON-RPC lines from stdin until it closes and every answer is written. */
export async function serve(datamodels, url) {
  process.on("uncaughtException", (error) => {
    log("ERROR", { is_panic: true, message: panics.message || error.message, backtrace: error.stack });
    process.exit(PANIC_EXIT_CODE);
  });
  const SchemaEngine = await loadSchemaEngine();
  const adapter = makeAdapterFactory(url);
  const files = datamodels.length > 0 ? datamodels : EMPTY_DATAMODEL;
  let engine;
  const pending = new Set();

  async function answer({ id, method, params }) {
    try {
      engine ??= SchemaEngine.new(
        { datamodels: files },
        (message) => log("INFO", { message: String(message) }),
        adapter,
      );
      const result = await (await engine)[ALIASES[method] ?? method](params);
      if (method === "diff" && result?.stdout) {
        send({ id: OWN_IDS + id, method: "print", params: { content: result.stdout } });
      }
      send({ id, result: result ?? null });
    } catch (error) {
      send({ id, error: describe(error, adapter) });
    }
  }

  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    const request = line.trim() === "" ? {} : JSON.parse(line);
    if (request.method === undefined) continue; // an empty line, or the reply to a `print`
    const answering = answer(request).finally(() => pending.delete(answering));
    pending.add(answering);
  }
  await Promise.all(pending);
}

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

/** Errors of the database stay on our side of the WebAssembly; the engine only knows their number. */
function describe(error, adapter) {
  const number = /External error id#(\d+)/.exec(error.message ?? "")?.[1];
  const cause = number === undefined ? undefined : adapter.errorRegistry.consumeError(Number(number))?.error;
  const message = error.message ?? String(error);
  const told = cause ? `${cause.cause?.originalMessage ?? cause.message}\n${message}` : message;
  const data = {
    is_panic: panics.message !== "",
    message: panics.message || told,
    error_code: error.code,
    meta: error.meta,
  };
  return { code: JSON_RPC_ENGINE_ERROR, message: "An error happened. Check the data field for details.", data };
}
