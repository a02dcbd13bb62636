import { S3Client } from "@aws-sdk/client-s3";
import type { S3Settings } from "./s3-settings.js";

/** Requests answer within this; a part of an upload is one request. */
const REQUEST_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A client that reads a download slowly holds the socket as long. */
const IDLE_TIMEOUT_MS = 300_000;
/** Tries of one request; the pauses between them add up to about ten seconds. */
const MAX_ATTEMPTS = 8;
/** Connections at once: a download whose client does not read holds one. */
const SOCKETS = { keepAlive: true, maxSockets: 1024 };

/** The AWS SDK's client, as all of S3's like understand it. */
export function openClient({ region, endpoint, forcePathStyle }: S3Settings): S3Client {
  return new S3Client({
    region,
    forcePathStyle,
    maxAttempts: MAX_ATTEMPTS,
    // Checksums of the SDK's own choice come as trailers, which many refuse; we send Content-MD5.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      socketTimeout: IDLE_TIMEOUT_MS,
      httpAgent: SOCKETS,
      httpsAgent: SOCKETS,
    },
    ...(endpoint !== undefined && { endpoint }),
  });
}
