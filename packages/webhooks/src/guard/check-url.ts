import { isIP } from "node:net";
import { AppError } from "@espalier/contracts";
import type { AddressPolicy } from "./address-policy.js";

export interface UrlPolicy {
  readonly addresses: AddressPolicy;
  readonly allowHttp: boolean;
}

const LOOPBACK_ADDRESS = "127.0.0.1";

/** Names that never leave this machine or link, whatever a resolver says (RFC 6761, RFC 6762). */
const isLocalName = (host: string): boolean => /(^|\.)(localhost|local|localdomain)\.?$/i.test(host);

/**
 * Why the text of a URL is refused: scheme, credentials, or a literal address in any notation (the URL parser turns octal,
 * hexadecimal, short and full-width forms into one). Undefined: it passes; names are checked when they are resolved, at
 * connect time.
 */
export function urlRefusal(text: string, policy: UrlPolicy): string | undefined {
  if (!URL.canParse(text)) return "it is not a URL.";
  const url = new URL(text);
  const schemes = policy.allowHttp ? ["https:", "http:"] : ["https:"];
  if (!schemes.includes(url.protocol)) return "it must start with https://.";
  if (url.username !== "" || url.password !== "") return "it must not carry a user name or password.";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const notPublic =
    isIP(host) === 0 ? isLocalName(host) && !policy.addresses.allows(LOOPBACK_ADDRESS) : !policy.addresses.allows(host);
  return notPublic ? "it does not name a public address." : undefined;
}

/** The URL of a receiver, when its text passes. Throws WEBHOOK_URL_REFUSED at `pointer`. */
export function checkUrl(text: string, policy: UrlPolicy, pointer = "/url"): URL {
  const reason = urlRefusal(text, policy);
  if (reason === undefined) return new URL(text);
  throw new AppError("WEBHOOK_URL_REFUSED", `The webhook address is refused: ${reason}`, {
    errors: [{ detail: reason, pointer }],
  });
}
