import { isMissing, storeError } from "./store-error.js";

type Request<T> = (options: { readonly abortSignal?: AbortSignal }) => Promise<T>;

interface Asked<T> {
  /** Completes "The object store did not". */
  readonly what: string;
  readonly request: Request<T>;
  readonly signal?: AbortSignal | undefined;
}

/** Makes a request. Rejects with the signal's reason, or an AppError of what the client threw. */
export async function ask<T>({ what, request, signal }: Asked<T>): Promise<T> {
  try {
    return await request(signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    if (signal?.aborted && !isTimeout(signal.reason)) throw signal.reason;
    throw storeError(error, what);
  }
}

/** The request, answered with undefined where there is no such object or upload. */
export const unlessMissing =
  <T>(request: Request<T>): Request<T | undefined> =>
  (options) =>
    request(options).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });

const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === "TimeoutError";
