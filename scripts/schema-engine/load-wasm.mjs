import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const entry = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm");
const folder = new URL(".", pathToFileURL(entry));

/** Where the engine leaves its last words. */
export const panics = {
  message: "",
  set_message(message) {
    this.message = message;
  },
};

export const engineVersion = () => JSON.parse(readFileSync(new URL("package.json", folder), "utf8")).version;

/** The engine's class; its own entry point is for bundlers. */
export async function loadSchemaEngine() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = panics;
  const bindings = await import(new URL("schema_engine_bg.js", folder));
  const { instance } = await WebAssembly.instantiate(readFileSync(new URL("schema_engine_bg.wasm", folder)), {
    "./schema_engine_bg.js": bindings,
  });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings.SchemaEngine;
}
