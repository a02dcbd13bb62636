import { type ApiKeyId, apiKeyId } from "../ids.js";

/** Bytes of a key's random secret, 43 characters in base64url. */
export const API_KEY_SECRET_BYTES = 32;

const WHOLE = /^esp_([0-9a-f-]{36})_([\w-]{43})$/;

export interface ApiKeyText {
  readonly id: ApiKeyId;
  /** Base64url of 32 bytes. */
  readonly secret: string;
}

/** The key as its owner keeps it: `esp_<id>_<secret>`, where the id is the one of the resource without its prefix. */
export const formatApiKey = ({ id, secret }: ApiKeyText): string => `esp_${id.slice("key_".length)}_${secret}`;

/** Inverse of `formatApiKey`; undefined for a text of another form. */
export function parseApiKey(text: string): ApiKeyText | undefined {
  const [, uuid = "", secret = ""] = WHOLE.exec(text) ?? [];
  const id = apiKeyId.safeParse(`key_${uuid}`);
  return id.success ? { id: id.data, secret } : undefined;
}
