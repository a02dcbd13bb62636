import type { LookupFunction } from "node:net";

/** How the hub's requests reach the network: through the address guard, which lives with the webhooks. */
export interface HubNetwork {
  /** Resolves names to addresses that are allowed, or fails. */
  readonly lookup: LookupFunction;
  /** Why a URL's text is refused; undefined: it passes. */
  readonly refusal: (url: string) => string | undefined;
  /** Whether an error of a request means that the lookup refused an address. */
  readonly isRefused: (error: unknown) => boolean;
}

/** Everything that downloads from a hub need. */
export interface HubSettings {
  /** False: only models that are here already can be used. */
  readonly isOpen: boolean;
  /** Such as `https://huggingface.co`, without a slash at the end. */
  readonly endpoint: string;
  /** Sent to the endpoint's own origin and nowhere else. */
  readonly token?: string | undefined;
  /** Folder that models are kept in. */
  readonly dir: string;
  /** A model with more bytes is refused. */
  readonly maxBytes: number;
  readonly network: HubNetwork;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** In [0, 1): spreads the retries of many workers. */
  readonly random: () => number;
  /** First pause before a retry; default a second. */
  readonly retryBaseMs?: number;
}

/** Bytes of a download that are here, of all that it needs. */
export interface HubProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** How a call is followed and ended. */
export interface HubCall {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HubProgress) => void) | undefined;
}
