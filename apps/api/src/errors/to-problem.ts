import { AppError, type ErrorCode, errorCatalogue, type FieldProblem, type Problem } from "@espalier/contracts";

/** What went wrong, in the words that a client may read. */
export interface Failure {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
}

const frameworkCodes: Readonly<Record<number, ErrorCode>> = {
  400: "BAD_REQUEST",
  404: "NOT_FOUND",
  405: "METHOD_NOT_ALLOWED",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  503: "SERVICE_UNAVAILABLE",
};

const frameworkDetails: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_REQUEST: "The request is not well-formed: check that the URL is valid and that the body is valid JSON.",
  PAYLOAD_TOO_LARGE: "The body is larger than 1 MiB.",
  UNSUPPORTED_MEDIA_TYPE: "Send the body as application/json.",
  SERVICE_UNAVAILABLE: "The service cannot answer right now. Try again in a few seconds.",
};

const INTERNAL: Failure = {
  code: "INTERNAL",
  detail: "An unexpected error. Quote request_id when you report it.",
  errors: [],
};

/** Errors of the HTTP framework carry a status of their own. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}

/** Only AppErrors speak to clients in their own words; anything else gets a fixed text, so that nothing internal leaks. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AppError && error.code !== "INTERNAL") {
    return { code: error.code, detail: error.message, errors: error.errors };
  }
  const code = frameworkCodes[statusOf(error) ?? 0];
  if (code === undefined) return INTERNAL;
  return { code, detail: frameworkDetails[code] ?? errorCatalogue[code].title, errors: [] };
}

/** Problem details of RFC 9457; `instance` is the path that was asked for. */
export function toProblem(failure: Failure, instance: string, requestId: string): Problem {
  const { status, title } = errorCatalogue[failure.code];
  return {
    type: `urn:espalier:error:${failure.code}`,
    title,
    status,
    detail: failure.detail,
    instance,
    code: failure.code,
    request_id: requestId,
    ...(failure.errors.length > 0 && { errors: failure.errors.map(({ detail, pointer }) => ({ detail, pointer })) }),
  };
}
