import { AppError, parseApiKey } from "@espalier/contracts";
import type { FastifyRequest } from "fastify";
import { anonymous, type Caller, environment } from "./caller.js";
import type { KnownKeys } from "./known-keys.js";
import { hashSecret, isSecretOf } from "./secret.js";

/** Why nobody was recognised; `challenge` goes into `WWW-Authenticate` (RFC 6750 §3). */
export interface Refusal {
  readonly detail: string;
  readonly challenge: string;
}

export type Authenticate = (request: FastifyRequest) => Promise<Caller | Refusal>;

const LOCAL_NAME = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?$/i;

const REALM = 'Bearer realm="espalier"';

const NO_KEY: Refusal = { detail: "Send a key as 'Authorization: Bearer KEY'.", challenge: REALM };

const refuse = (detail: string): Refusal => ({ detail, challenge: `${REALM}, error="invalid_token"` });

/**
 * A service without keys answers requests that name this machine. A web page whose name is made to resolve to loopback
 * (DNS rebinding) sends its own name and gets nothing.
 */
function admitLocal(request: FastifyRequest): Caller {
  if (LOCAL_NAME.test(request.headers.host ?? "")) return anonymous;
  throw new AppError(
    "BAD_REQUEST",
    "Without ESPALIER_API_KEY the service answers only under a loopback name such as 127.0.0.1.",
  );
}

/** Reads who asks: the key from the environment, a stored one, or nobody where there never was a key. */
export function makeAuthenticate(environmentKey: string | undefined, keys: KnownKeys): Authenticate {
  const environmentHash = environmentKey === undefined ? undefined : hashSecret(environmentKey);

  async function stored(text: string): Promise<Caller | Refusal | undefined> {
    const parsed = parseApiKey(text);
    if (parsed === undefined) return undefined;
    const key = await keys.find(parsed.id);
    if (!isSecretOf(parsed.secret, key?.secretHash) || key === undefined) return undefined;
    if (key.state !== "active") return refuse(`This key ${key.state === "revoked" ? "was revoked" : "has expired"}.`);
    keys.use(parsed.id);
    return { kind: "stored", keyId: parsed.id, scopes: key.scopes };
  }

  return async (request) => {
    const text = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (isSecretOf(text, environmentHash)) return environment;
    const found = await stored(text);
    if (found !== undefined) return found;
    if (environmentHash === undefined && (await keys.isNone())) return admitLocal(request);
    return request.headers.authorization === undefined ? NO_KEY : refuse("This key is not known.");
  };
}
