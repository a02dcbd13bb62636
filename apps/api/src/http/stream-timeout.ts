/**
 * `handlerTimeout` of routes that may answer with a stream: the longest that a timer can be set to, 24 days. Fastify counts
 * the time until an answer's end and would cut a long one, with its headers long sent.
 */
export const STREAM_TIMEOUT_MS = 2 ** 31 - 1;
