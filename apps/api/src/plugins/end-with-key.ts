import { Readable } from "node:stream";
import type { ApiKeyId } from "@espalier/contracts";
import type { FastifyInstance } from "fastify";
import type { KnownKeys } from "../access/known-keys.js";

const CHECK_EVERY_MS = 1000;

/** Answers that go on (streams of events, downloads) are cut when the key that asked for them ends. */
export function endStreamsWithKeys(app: FastifyInstance, keys: KnownKeys): void {
  const hasEnded = async (id: ApiKeyId): Promise<boolean> => {
    const key = await keys.find(id).catch(() => "unreadable" as const);
    return key !== "unreadable" && key?.state !== "active";
  };
  app.addHook("onSend", async ({ caller }, { raw }, payload) => {
    const id = caller?.keyId;
    if (id === undefined || !(payload instanceof Readable)) return payload;
    const timer = setInterval(async () => {
      if (await hasEnded(id)) raw.destroy();
      if (raw.destroyed) clearInterval(timer);
    }, CHECK_EVERY_MS);
    raw.once("close", () => clearInterval(timer));
    return payload;
  });
}
