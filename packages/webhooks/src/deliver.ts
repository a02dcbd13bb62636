import { AppError, parseRetryAfter } from "@espalier/contracts";
import { Agent, type Dispatcher, request } from "undici";
import { type AddressPolicy, makeAddressPolicy } from "./guard/address-policy.js";
import { checkUrl } from "./guard/check-url.js";
import { AddressRefused, makeGuardedLookup } from "./guard/guarded-lookup.js";
import { sign } from "./sign.js";

/** Whole time of one attempt: name, connection, request, answer. */
const TOTAL_TIMEOUT_MS = 15_000;

/** What is read of an answer before the connection is dropped; the content is never used. */
const MAX_RESPONSE_BYTES = 64 * 1024;

export interface DeliverySettings {
  readonly allowedCidrs?: readonly string[];
  readonly allowHttp?: boolean;
  readonly timeoutMs?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Sent as `user-agent`. */
  readonly userAgent?: string;
}

export interface OutgoingMessage {
  readonly id: string;
  readonly url: string;
  readonly body: string;
  readonly secrets: readonly string[];
}

export interface DeliveryOutcome {
  readonly kind: "delivered" | "failed" | "gone";
  /** HTTP status, null without an answer. */
  readonly status: number | null;
  /** For the delivery log: never tells whether a port was open. */
  readonly error: string | null;
  readonly retryAfterSeconds: number | null;
  readonly durationSeconds: number;
}

export interface Deliverer {
  deliver(message: OutgoingMessage): Promise<DeliveryOutcome>;
  close(): Promise<void>;
}

type Answer = Pick<DeliveryOutcome, "kind" | "status" | "error" | "retryAfterSeconds">;

async function drain(body: Dispatcher.ResponseData["body"]): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_RESPONSE_BYTES) break; // leaving the loop destroys the stream
    }
  } catch {
    // The status line has decided already; how the body ends changes nothing.
  }
}

function judge(status: number, retryAfterSeconds: number | null): Answer {
  if (status >= 200 && status < 300) return { kind: "delivered", status, error: null, retryAfterSeconds: null };
  if (status === 410) return { kind: "gone", status, error: "The receiver is gone.", retryAfterSeconds: null };
  const detail = status >= 300 && status < 400 ? "Redirects are not followed." : `The receiver answered ${status}.`;
  return { kind: "failed", status, error: detail, retryAfterSeconds };
}

function withoutAnswer(error: unknown, timeoutMs: number): Answer {
  const refused = error instanceof AddressRefused || error instanceof AppError;
  const detail = refused
    ? "The address is refused: it is not a public one."
    : `No answer within ${timeoutMs / 1000} s, or the receiver cannot be reached.`;
  return { kind: "failed", status: null, error: detail, retryAfterSeconds: null };
}

/** Posts signed messages; the guard works on the address that is connected to. Never throws for what a receiver does. */
export function makeDeliverer(settings: DeliverySettings): Deliverer {
  const { now, allowHttp = false, timeoutMs = TOTAL_TIMEOUT_MS, userAgent = "Espalier" } = settings;
  const addresses: AddressPolicy = makeAddressPolicy(settings.allowedCidrs);
  const dispatcher = new Agent({
    connect: { lookup: makeGuardedLookup(addresses), timeout: timeoutMs },
    pipelining: 0, // a connection per message: no state is carried from one check to the next
  });

  async function post(message: OutgoingMessage): Promise<Answer> {
    const url = checkUrl(message.url, { addresses, allowHttp });
    const timestamp = Math.floor(now() / 1000);
    const response = await request(url, {
      dispatcher,
      method: "POST",
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        "content-type": "application/json",
        "user-agent": userAgent,
        "webhook-id": message.id,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": sign({ id: message.id, timestamp, body: message.body }, message.secrets),
      },
      body: message.body,
    });
    await drain(response.body);
    const header = response.headers["retry-after"];
    return judge(response.statusCode, parseRetryAfter(Array.isArray(header) ? header[0] : header, now()));
  }

  return {
    async deliver(message) {
      const startedAt = now();
      const answer = await post(message).catch((error: unknown) => withoutAnswer(error, timeoutMs));
      return { ...answer, durationSeconds: (now() - startedAt) / 1000 };
    },
    close: () => dispatcher.close(),
  };
}
