import { randomBytes } from "node:crypto";

/** Secrets of one place; none may be seen in a log, a metric, an error or a column of text. */
export interface Canaries {
  /** The first key, from the environment. */
  readonly apiKey: string;
  readonly metricsToken: string;
  /** 32 bytes in base64. */
  readonly encryptionKey: string;
  readonly webhookSecret: string;
}

export const makeCanaries = (): Canaries => ({
  apiKey: `canary-${randomBytes(24).toString("hex")}`,
  metricsToken: `canary-${randomBytes(24).toString("hex")}`,
  encryptionKey: randomBytes(32).toString("base64"),
  webhookSecret: `whsec_${randomBytes(32).toString("base64")}`,
});

const SHORTEST = 8;

/** What to look for: each secret without the prefix that says its kind, and passwords of URLs. */
export function searchedFor(canaries: Canaries, key: string, urls: readonly string[]): readonly string[] {
  const { apiKey, metricsToken, encryptionKey, webhookSecret } = canaries;
  const passwords = urls.map((url) => decodeURIComponent(new URL(url).password));
  const secretOfKey = /^esp_[^_]+_(.+)$/.exec(key)?.[1] ?? key;
  const all = [apiKey, metricsToken, encryptionKey, webhookSecret.replace("whsec_", ""), secretOfKey, ...passwords];
  return all.filter((secret) => secret.length >= SHORTEST);
}
