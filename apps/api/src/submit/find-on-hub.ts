import { AppError, type ModelSource } from "@espalier/contracts";
import type { Hub, HubModel } from "@espalier/model/hub";

/** A client waits for its answer meanwhile. */
const LIMIT_MS = 40_000;

/** Lookups at once: each may bring a tokenizer of some megabytes. */
const MAX_AT_ONCE = 8;

/**
 * Settles a model that is named on a hub: its commit, and a folder with all that a submit looks at; undefined for
 * other models. What was fetched is kept, so that a second try goes on. Throws AppError at `/model/hub`.
 */
export function makeFindOnHub(hub: Pick<Hub, "outline">, limitMs = LIMIT_MS) {
  let running = 0;
  return async function findOnHub(model: ModelSource): Promise<HubModel | undefined> {
    if (!("hub" in model)) return undefined;
    const { hub: id, revision } = model;
    if (running >= MAX_AT_ONCE) {
      throw new AppError("SERVICE_UNAVAILABLE", "Too many models are being looked up on the hub. Try again.");
    }
    running += 1;
    const signal = AbortSignal.timeout(limitMs);
    try {
      return await hub.outline(id, revision, { signal });
    } catch (error) {
      throw atHub(signal.aborted ? tooSlow(id, limitMs) : error);
    } finally {
      running -= 1;
    }
  };
}

const tooSlow = (id: string, limitMs: number): AppError =>
  new AppError(
    "HUB_UNAVAILABLE",
    `Looking up '${id}' on the hub took more than ${limitMs / 1000} s. Submit again: what was fetched is kept.`,
  );

function atHub(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code === "SERVICE_UNAVAILABLE") return error;
  const errors = [{ detail: error.message, pointer: "/model/hub" }];
  return new AppError(error.code, error.message, { cause: error, errors });
}
