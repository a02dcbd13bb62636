import type { ApiKeyId, ApiKeyView, ApiScope, Page } from "@espalier/contracts";
import type { PageRequest } from "../endpoints/endpoint-store.js";

export interface NewApiKey {
  readonly id: ApiKeyId;
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  /** RFC 3339; undefined: never. */
  readonly expiresAt: string | undefined;
  /** SHA-256 of the secret, which the store never sees. */
  readonly secretHash: Uint8Array;
}

/** What is asked of a key at every request. Times are by the database's clock. */
export interface StoredApiKey {
  readonly scopes: readonly ApiScope[];
  readonly secretHash: Uint8Array;
  readonly revoked: boolean;
  /** Until it expires; zero or less when it has; null: never. */
  readonly expiresInMs: number | null;
  /** Since it was last marked as used; null: never. */
  readonly unmarkedMs: number | null;
}

/** Keys of the API. Rows stay when keys end. */
export interface ApiKeyStore {
  /** Rejects with AppError `VALIDATION_FAILED` when the key would have expired already. */
  create(key: NewApiKey): Promise<ApiKeyView>;
  /** Newest first. Rejects with AppError `CURSOR_INVALID`. */
  list(page: PageRequest): Promise<Page<ApiKeyView>>;
  find(id: ApiKeyId): Promise<StoredApiKey | undefined>;
  /** Ends a key; one that has been revoked stays as it is. Rejects with AppError `API_KEY_NOT_FOUND`. */
  revoke(id: ApiKeyId): Promise<void>;
  /** Writes when the key was last used, unless that was written within the last minute. */
  markUsed(id: ApiKeyId): Promise<void>;
  /** Whether there is a key or ever was one. */
  hasAny(): Promise<boolean>;
}
