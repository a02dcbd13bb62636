import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./generated/api.js";
import { pathWith } from "./path-with.js";
import { patientFetch, type Send } from "./patient-fetch.js";
import { ProblemError } from "./problem-error.js";
import { UnreachableError } from "./unreachable-error.js";

/** Calls of the API, typed by docs/openapi.json: bodies are JSON unless `parseAs` says otherwise. */
export type ApiClient = Client<paths, "application/json">;

export interface ClientOptions {
  /** Address of the service. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** How often a request is sent while the service is busy (default 3). */
  readonly attempts?: number;
  /** What sends requests (default: `fetch`). */
  readonly send?: Send;
}

const ATTEMPTS = 3;
const FIRST_ERROR = 400;

/** Says where nothing answered. */
const reaching =
  (url: string, send: Send): Send =>
  (request) =>
    send(request).catch((cause: unknown) => {
      throw new UnreachableError(url, { cause });
    });

/**
 * A client of the service at `url`. Calls reject with `ProblemError` for a status from 400 on, and with
 * `UnreachableError` where nothing answers. Throws `UnreachableError` for a `url` that is none.
 */
export function makeClient({ url, apiKey, attempts = ATTEMPTS, send = fetch }: ClientOptions): ApiClient {
  if (!URL.canParse(url)) throw new UnreachableError(url);
  const client = createClient<paths, "application/json">({
    baseUrl: url,
    fetch: patientFetch(reaching(url, send), attempts),
    pathSerializer: pathWith,
  });
  client.use({
    onRequest({ request }) {
      if (apiKey !== undefined) request.headers.set("authorization", `Bearer ${apiKey}`);
    },
    async onResponse({ response }) {
      if (response.status >= FIRST_ERROR) throw await ProblemError.of(response);
    },
  });
  return client;
}
