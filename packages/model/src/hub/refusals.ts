import { AppError, readableText } from "@espalier/contracts";
import { TransientFailure } from "./patience.js";

/** An answer that is no success, as the hub tells it. */
export interface HubRefusal {
  readonly status: number;
  /** The hub's `X-Error-Code`, such as `GatedRepo`. */
  readonly code: string | undefined;
  readonly retryAfterSeconds: number | null;
  /** Whether the request carried a token. */
  readonly authorised: boolean;
}

/** What was asked for. */
export interface Asked {
  readonly endpoint: string;
  readonly id: string;
  /** The part of the model, for people: `revision 'main'`, `'config.json'`. */
  readonly what: string;
}

const BUSY = new Set([408, 425, 429]);

/** The error that an answer other than success amounts to. */
export function refusalError(refusal: HubRefusal, asked: Asked): Error {
  const { status, code, retryAfterSeconds, authorised } = refusal;
  const { endpoint, id, what } = asked;
  if (status >= 500 || BUSY.has(status)) {
    return new TransientFailure(`it answered ${status} for ${what} of '${id}'`, { retryAfterSeconds });
  }
  if (code === "GatedRepo") return gated(asked, authorised);
  if (code === "RevisionNotFound") return notFound(`The hub has no ${what} of '${id}'.`);
  if (code === "EntryNotFound") return notFound(`The model '${id}' has no ${what} on the hub.`);
  // Without an account, the hub answers 401 for a model that does not exist as for one that is private.
  if (code === "RepoNotFound" || status === 401 || status === 404) {
    const access = authorised
      ? "or the account of ESPALIER_HUB_TOKEN may not see it."
      : "or it is private: then set ESPALIER_HUB_TOKEN to a token that may read it.";
    return notFound(`The hub at ${endpoint} shows no model '${id}': the name may be wrong, ${access}`);
  }
  if (status === 403) {
    return new AppError(
      "HUB_ACCESS_DENIED",
      `The hub refuses ${what} of '${id}' (403). Set ESPALIER_HUB_TOKEN to a token that may read it.`,
    );
  }
  return new AppError(
    "HUB_UNAVAILABLE",
    `The hub answered ${status}${code === undefined ? "" : ` (${readableText(code, 80)})`} for ${what} of '${id}'. Check ESPALIER_HUB_ENDPOINT.`,
  );
}

const notFound = (message: string): AppError => new AppError("MODEL_NOT_FOUND", message);

function gated({ endpoint, id }: Asked, authorised: boolean): AppError {
  const next = authorised
    ? "The account of ESPALIER_HUB_TOKEN has not been given access yet, or the token may not read gated models."
    : "Then set ESPALIER_HUB_TOKEN to a token of that account.";
  return new AppError("HUB_ACCESS_DENIED", `The model '${id}' is gated: ask for access at ${endpoint}/${id}. ${next}`);
}
