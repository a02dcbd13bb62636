import { guardedNetwork } from "@espalier/webhooks";

/** The network as services give it to their hub, with http and these ranges allowed. */
export const httpNetwork = (allowedCidrs: readonly string[]) => guardedNetwork({ allowedCidrs, allowHttp: true });
