import ky, { HTTPError } from "ky";

/** Sends one request. Rejects where nothing answers, resolves whatever the answer. */
export type Send = (request: Request) => Promise<Response>;

const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = 503;

/** May be sent twice (RFC 9110 §9.2.2), whatever became of the first. */
const REPEATABLE = new Set(["GET", "HEAD", "PUT", "DELETE"]);

/** Whether the request was certainly not carried out, or may be carried out again. */
function mayRepeat({ request, response }: HTTPError): boolean {
  if (response.status === TOO_MANY_REQUESTS || response.headers.has("retry-after")) return true;
  return REPEATABLE.has(request.method) || request.headers.has("idempotency-key");
}

/** Sends up to `attempts` times while the service is busy (429, 503), and waits in between as `Retry-After` asks. */
export function patientFetch(send: Send, attempts: number): Send {
  const patient = ky.create({
    fetch: (input, init) => send(new Request(input, init)),
    timeout: false,
    retry: {
      limit: attempts - 1,
      methods: ["get", "head", "put", "delete", "post", "patch"],
      statusCodes: [TOO_MANY_REQUESTS, UNAVAILABLE],
      afterStatusCodes: [TOO_MANY_REQUESTS, UNAVAILABLE],
      // Undefined leaves it to the status; what did not answer is not asked again.
      shouldRetry: ({ error }) => (error instanceof HTTPError && mayRepeat(error) ? undefined : false),
    },
  });
  return async (request) => {
    try {
      return await patient(request);
    } catch (error) {
      if (error instanceof HTTPError) return error.response;
      throw error;
    }
  };
}
