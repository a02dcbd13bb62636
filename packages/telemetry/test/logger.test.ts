import { formatApiKey, newApiKeyId } from "@espalier/contracts";
import { expect, it } from "vitest";
import { makeLogger } from "../src/index.js";

it("writes no secret, wherever in a line it stands", () => {
  const canary = "canary-7f3a";
  const key = formatApiKey({ id: newApiKeyId(), secret: "s".repeat(43) });
  const whsec = `whsec_${Buffer.alloc(24, 9).toString("base64")}`;
  const lines: string[] = [];
  const log = makeLogger({ service: "worker", level: "trace" }, { write: (line) => void lines.push(line) });
  log.info({ authorization: canary, config: { databaseUrl: canary, deep: { secret: canary } } }, "fields");
  log.error({ err: new Error(`connect postgresql://espalier:${canary}@db:5432/x failed`) }, "driver");
  log.warn({ err: new Error(`redis://:${canary}@cache:6379 refused`) }, "driver");
  log.info({ anything: { text: `${key} and ${whsec}` } }, `sent ${key}`);
  const text = lines.join("");
  expect(lines).toHaveLength(4);
  for (const secret of [canary, key, whsec]) expect(text).not.toContain(secret);
  expect(text).toContain("postgresql://[redacted]@db:5432/x");
});
