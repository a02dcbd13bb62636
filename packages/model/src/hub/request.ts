import { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { AppError, parseRetryAfter } from "@espalier/contracts";
import { systemCode } from "../files/regular-file.js";
import { TransientFailure } from "./patience.js";
import { type Asked, refusalError } from "./refusals.js";
import type { HubSettings } from "./settings.js";

/** A renamed model, then a mirror, then a CDN; more is a loop. */
const MAX_REDIRECTS = 5;
const USER_AGENT = "espalier";

/** Longest silence: of a connection that is made, and of an answer. */
const SILENCE_MS = 30_000;

export type HubHeaders = IncomingHttpHeaders;

export interface HubQuestion {
  /** Below the endpoint, with a leading slash and encoded. */
  readonly path: string;
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  /** For messages. */
  readonly id: string;
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
}

export interface HubAnswer {
  readonly status: number;
  readonly headers: HubHeaders;
  /** Of the endpoint's own answer, before any redirect: they say what the file is. */
  readonly linked: HubHeaders;
  /** In chunks; destroying it ends the connection. */
  readonly body: IncomingMessage;
}

/** A header's first value. */
export function headerOf(headers: HubHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * Asks once and follows redirects; the token goes to the endpoint's own origin alone. A HEAD ends at the first redirect
 * to another origin, whose headers say all. Throws TransientFailure for what may pass, AppError for what will not.
 */
export async function askHub(settings: HubSettings, question: HubQuestion): Promise<HubAnswer> {
  const origin = new URL(settings.endpoint).origin;
  const asked: Asked = { endpoint: settings.endpoint, id: question.id, what: question.what };
  let url = new URL(settings.endpoint + question.path);
  let linked: HubHeaders = {};
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const answer = await send(settings, question, url, url.origin === origin);
    const { statusCode: status = 0 } = answer;
    if (url.origin === origin) linked = answer.headers;
    const location = headerOf(answer.headers, "location");
    if (status < 300 || (status < 400 && location === undefined)) {
      return { status, headers: answer.headers, linked, body: answer };
    }
    answer.resume(); // nobody reads it
    if (status >= 400 || location === undefined) {
      throw refusalError(
        {
          status,
          code: headerOf(answer.headers, "x-error-code"),
          retryAfterSeconds: parseRetryAfter(headerOf(answer.headers, "retry-after"), settings.now()),
          authorised: settings.token !== undefined,
        },
        asked,
      );
    }
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    if (next === undefined) throw new TransientFailure(`it redirects ${question.what} to no URL`);
    if (question.method === "HEAD" && next.origin !== origin) {
      return { status, headers: answer.headers, linked, body: answer };
    }
    url = next;
  }
  throw new AppError("HUB_UNAVAILABLE", `The hub redirects ${question.what} of '${question.id}' in a circle.`);
}

async function send(
  { network, token }: HubSettings,
  { method = "GET", headers, signal, what }: HubQuestion,
  url: URL,
  isOwn: boolean,
): Promise<IncomingMessage> {
  const reason = network.refusal(url.href);
  if (reason !== undefined) throw refusedAddress(url, reason);
  try {
    return await exchange(url, {
      method,
      lookup: network.lookup,
      agent: false, // a connection per request: no state is carried from one check to the next
      headers: {
        "user-agent": USER_AGENT,
        "accept-encoding": "identity", // ranges and sizes are those of the file itself
        ...headers,
        ...(isOwn && token !== undefined ? { authorization: `Bearer ${token}` } : {}),
      },
      timeout: SILENCE_MS,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (network.isRefused(error)) throw refusedAddress(url, "it does not name a public address.", error);
    throw connectionFailure(error, `${url.host} cannot be reached for ${what}`);
  }
}

/** One request, up to the headers of its answer. */
function exchange(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === "https:" ? requestHttps : requestHttp)(url, options);
    sent.once("timeout", () => {
      sent.destroy(Object.assign(new Error(`silent for ${SILENCE_MS / 1000} s`), { code: "ETIMEDOUT" }));
    });
    // Stays on: an answer that is cut tells so here as well as in its body.
    sent.on("error", reject);
    sent.once("response", resolve);
    sent.end();
  });
}

/** Only the host is told: addresses of a CDN carry a signature. */
function refusedAddress(url: URL, reason: string, cause?: unknown): AppError {
  return new AppError(
    "HUB_ADDRESS_REFUSED",
    `The hub's address at '${url.host}' is refused: ${reason} For a mirror of your own set ESPALIER_HUB_ALLOWED_CIDRS.`,
    { cause },
  );
}

/** A connection that failed or was cut, at any time of an answer. */
export function connectionFailure(error: unknown, message: string): Error {
  const code = systemCode(error);
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  return new TransientFailure(`${message} (${code})`, { cause: error });
}

/** The whole body as text; throws when it has more than `maxBytes`. */
export async function boundedText({ body }: HubAnswer, maxBytes: number, what: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += (chunk as Buffer).byteLength;
      if (bytes > maxBytes) break;
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw connectionFailure(error, `the answer for ${what} was cut`);
  }
  if (bytes > maxBytes) {
    throw new AppError("HUB_UNAVAILABLE", `The hub answers more than ${maxBytes} bytes for ${what}.`);
  }
  return Buffer.concat(chunks).toString("utf8");
}
