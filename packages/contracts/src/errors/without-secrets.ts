/** API keys and signing secrets of webhooks, wherever they stand. */
const SECRET = /esp_[0-9a-f-]{36}_[\w-]{43}|whsec_[A-Za-z0-9+/]{32,128}={0,2}/g;

/** The text with a mark in the place of every secret that shows itself by its form. */
export const withoutSecrets = (text: string): string => text.replace(SECRET, "[redacted]");
