import { AppError } from "@espalier/contracts";
import type { S3Settings } from "./s3-settings.js";

/** The code with which S3, or one of its like, says that there is no such object or upload. */
const MISSING = new Set(["NoSuchKey", "NotFound", "NoSuchUpload"]);
/** What S3's like answer when they take no more. */
const FULL = new Set(["QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage"]);

interface Answer {
  readonly name: string;
  readonly status: number | undefined;
}

/** Name and status are all that is read of an answer: its other fields hold the request, with its signature. */
function answerOf(error: unknown): Answer {
  const { name, code, $metadata } = error as {
    readonly name?: string;
    readonly code?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return { name: code ?? name ?? "unknown error", status: $metadata?.httpStatusCode };
}

export const isMissing = (error: unknown): boolean => MISSING.has(answerOf(error).name);

/** What a bucket answers to a mistake of address, name, region or credentials: trying again helps nobody. */
const MISTAKES = new Set([301, 400, 403, 404]);

export function isMisconfigured(error: unknown): boolean {
  const { name, status } = answerOf(error);
  return MISTAKES.has(status ?? 0) || name === "CredentialsProviderError";
}

const said = ({ name, status }: Answer): string => (status === undefined ? name : `${name}, HTTP ${status}`);

/** What to mend, for whoever starts the process. */
export function refusal(error: unknown, { bucket, endpoint, region }: S3Settings): string {
  const place = endpoint ?? `AWS in ${region}`;
  const answer = said(answerOf(error));
  return `ESPALIER_S3_BUCKET is '${bucket}', which ${place} does not open (${answer}). Check ESPALIER_S3_*, the AWS_ credentials and what they may do.`;
}

/** AppError STORAGE_FULL or SERVICE_UNAVAILABLE of what the client threw; `what` completes "The object store did not". */
export function storeError(error: unknown, what: string): AppError {
  const answer = answerOf(error);
  if (FULL.has(answer.name) || answer.status === 507) {
    return new AppError(
      "STORAGE_FULL",
      `The object store takes no more (${said(answer)}). Make room or raise its quota.`,
    );
  }
  const hint = isMisconfigured(error) ? " Check ESPALIER_S3_*, the AWS_ credentials and what they may do." : "";
  return new AppError("SERVICE_UNAVAILABLE", `The object store did not ${what} (${said(answer)}).${hint}`);
}
