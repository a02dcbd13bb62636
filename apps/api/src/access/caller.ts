import { type ApiKeyId, type ApiScope, apiScopes } from "@espalier/contracts";

/** Who asks. Without keys everybody on this machine may do everything. */
export interface Caller {
  readonly kind: "anonymous" | "environment" | "stored";
  /** Undefined but for a stored key. */
  readonly keyId: ApiKeyId | undefined;
  readonly scopes: readonly ApiScope[];
}

/** No key, on a service that has none. */
export const anonymous: Caller = { kind: "anonymous", keyId: undefined, scopes: apiScopes };

/** The key from the environment. */
export const environment: Caller = { kind: "environment", keyId: undefined, scopes: apiScopes };

declare module "fastify" {
  interface FastifyRequest {
    /** Null before the key was read, and outside `/v1`. */
    caller: Caller | null;
  }
}
