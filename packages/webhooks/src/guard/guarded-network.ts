import type { LookupFunction } from "node:net";
import { makeAddressPolicy } from "./address-policy.js";
import { urlRefusal } from "./check-url.js";
import { AddressRefused, makeGuardedLookup } from "./guarded-lookup.js";

/** The guard for requests that follow addresses of somebody else's choice, such as redirects. */
export interface GuardedNetwork {
  readonly lookup: LookupFunction;
  /** Why a URL's text is refused; undefined: it passes. */
  readonly refusal: (url: string) => string | undefined;
  /** Whether an error of a request is the lookup's refusal. */
  readonly isRefused: (error: unknown) => boolean;
}

/** Lets requests to public addresses pass, and to the ranges named; http only where allowed. */
export function guardedNetwork(allowed: {
  readonly allowedCidrs: readonly string[];
  readonly allowHttp: boolean;
}): GuardedNetwork {
  const addresses = makeAddressPolicy(allowed.allowedCidrs);
  return {
    lookup: makeGuardedLookup(addresses),
    refusal: (url) => urlRefusal(url, { addresses, allowHttp: allowed.allowHttp }),
    isRefused: (error) => error instanceof AddressRefused,
  };
}
