import { AppError } from "@espalier/contracts";
import type { onRequestHookHandler } from "fastify";

const LOCAL_NAME = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Hook of a service without a key: requests must name this machine. A web page whose name is made to resolve to
 * loopback (DNS rebinding) sends its own name and gets nothing.
 */
export const localHostOnly: onRequestHookHandler = (request, _reply, done) => {
  if (LOCAL_NAME.test(request.headers.host ?? "")) return done();
  return done(
    new AppError(
      "BAD_REQUEST",
      "Without ESPALIER_API_KEY the service answers only under a loopback name such as 127.0.0.1.",
    ),
  );
};
