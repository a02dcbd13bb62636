import { isIP } from "node:net";
import { AppError } from "@espalier/contracts";
import type { AddressPolicy } from "./address-policy.js";

export interface UrlPolicy {
  readonly addresses: AddressPolicy;
  readonly allowHttp: boolean;
}

const LOOPBACK_ADDRESS = "127.0.0.1";

const refused = (reason: string, pointer: string): AppError =>
  new AppError("WEBHOOK_URL_REFUSED", `The webhook address is refused: ${reason}`, {
    errors: [{ detail: reason, pointer }],
  });

/** Names that never leave this machine or link, whatever a resolver says (RFC 6761, RFC 6762). */
const isLocalName = (host: string): boolean => /(^|\.)(localhost|local|localdomain)\.?$/i.test(host);

/**
 * Checks what the text of a URL tells: scheme, credentials, and literal addresses in any notation (the URL parser turns
 * octal, hexadecimal, short and full-width forms into one). Names are checked when they are resolved, at connect time.
 * Throws WEBHOOK_URL_REFUSED at `pointer`.
 */
export function checkUrl(text: string, policy: UrlPolicy, pointer = "/url"): URL {
  if (!URL.canParse(text)) throw refused("it is not a URL.", pointer);
  const url = new URL(text);
  const schemes = policy.allowHttp ? ["https:", "http:"] : ["https:"];
  if (!schemes.includes(url.protocol)) throw refused("it must start with https://.", pointer);
  if (url.username !== "" || url.password !== "") throw refused("it must not carry a user name or password.", pointer);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const notPublic =
    isIP(host) === 0 ? isLocalName(host) && !policy.addresses.allows(LOOPBACK_ADDRESS) : !policy.addresses.allows(host);
  if (notPublic) throw refused("it does not name a public address.", pointer);
  return url;
}
