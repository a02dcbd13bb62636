import type { ApiKeyId } from "@espalier/contracts";
import type { ApiKeyStore, StoredApiKey } from "@espalier/store";

/** A key that was read at most this long ago is not read again: a revoked one works no longer than that elsewhere. */
const FRESH_MS = 3000;

/** Most keys that are remembered. */
const CAPACITY = 10_000;

/** Time between two notes that a key was used. */
const MARK_EVERY_MS = 60_000;

/** What a key allows now. */
export interface KnownKey extends Pick<StoredApiKey, "scopes" | "secretHash"> {
  readonly state: "active" | "expired" | "revoked";
}

/** Stored keys, read at most every three seconds each. Every method rejects while Postgres is away. */
export interface KnownKeys {
  find(id: ApiKeyId): Promise<KnownKey | undefined>;
  /** Notes that the key was used; now and then, and nobody waits for it. */
  use(id: ApiKeyId): void;
  /** Whether no key was ever made. */
  isNone(): Promise<boolean>;
  /** This process made one. */
  made(): void;
  /** This process changed it. */
  changed(id: ApiKeyId): void;
}

interface Entry {
  /** When reading began: a change after it may be missing. */
  readonly readAt: number;
  readonly key: Promise<StoredApiKey | undefined>;
  markedAt: number | undefined;
}

export interface KnownKeysOptions {
  readonly store: Pick<ApiKeyStore, "find" | "hasAny" | "markUsed">;
  readonly onMarkFailed: (error: unknown) => void;
  /** Milliseconds that never go back. */
  readonly clock?: () => number;
}

/** Remembers keys by id. Expiry is by the database's clock, which says at every reading how long is left. */
export function makeKnownKeys({ store, onMarkFailed, clock = () => performance.now() }: KnownKeysOptions): KnownKeys {
  const entries = new Map<ApiKeyId, Entry>();
  let none: { readonly readAt: number; readonly answer: Promise<boolean> } | undefined;
  const isFresh = (entry: { readonly readAt: number } | undefined): boolean =>
    entry !== undefined && clock() - entry.readAt < FRESH_MS;

  function read(id: ApiKeyId): Entry {
    const entry: Entry = { readAt: clock(), key: store.find(id), markedAt: entries.get(id)?.markedAt };
    entries.delete(id);
    entries.set(id, entry);
    const oldest = entries.size > CAPACITY ? entries.keys().next().value : undefined;
    if (oldest !== undefined) entries.delete(oldest);
    // Ids that nobody has would push out those in use.
    const forget = () => void (entries.get(id) === entry && entries.delete(id));
    entry.key.then((key) => key === undefined && forget(), forget);
    return entry;
  }

  async function mark(id: ApiKeyId, entry: Entry): Promise<void> {
    const key = await entry.key;
    const unmarked = key?.unmarkedMs ?? Number.POSITIVE_INFINITY;
    const since = entry.markedAt === undefined ? unmarked + clock() - entry.readAt : clock() - entry.markedAt;
    if (key === undefined || since < MARK_EVERY_MS) return;
    entry.markedAt = clock();
    await store.markUsed(id);
  }

  return {
    async find(id) {
      const last = entries.get(id);
      const entry = last !== undefined && isFresh(last) ? last : read(id);
      const key = await entry.key;
      return key && { scopes: key.scopes, secretHash: key.secretHash, state: stateOf(key, clock() - entry.readAt) };
    },
    use(id) {
      const entry = entries.get(id);
      if (entry !== undefined) mark(id, entry).catch(onMarkFailed);
    },
    async isNone() {
      if (none !== undefined && isFresh(none)) return none.answer;
      const asked = { readAt: clock(), answer: store.hasAny().then((any) => !any) };
      none = asked;
      asked.answer.catch(() => {
        if (none === asked) none = undefined;
      });
      return asked.answer;
    },
    made: () => {
      none = { readAt: Number.POSITIVE_INFINITY, answer: Promise.resolve(false) };
    },
    changed: (id) => void entries.delete(id),
  };
}

function stateOf({ revoked, expiresInMs }: StoredApiKey, age: number): KnownKey["state"] {
  if (revoked) return "revoked";
  return expiresInMs !== null && expiresInMs <= age ? "expired" : "active";
}
