import { makeClient } from "@espalier/client";
import type { Api } from "./api-context.js";
import { sendWithKey } from "./api-key.js";

/** The service that sent this page. */
export const serviceApi: Api = {
  client: makeClient({ url: location.origin, send: sendWithKey }),
  source: "service",
};
