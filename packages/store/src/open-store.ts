import type { Store, StoreOptions } from "./store.js";

/** Opens the store; connects on first use. */
export function openStore(_options: StoreOptions): Store {
  throw new RangeError("not built yet");
}
