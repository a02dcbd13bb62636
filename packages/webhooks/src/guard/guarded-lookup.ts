import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import type { AddressPolicy } from "./address-policy.js";

/** A name resolved to an address that the policy refuses; raised before any connection is tried. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}

/**
 * `lookup` for sockets that hands on addresses only when every one of them is allowed. The socket connects to exactly
 * what was checked, so a name that changes its answer between check and use (DNS rebinding) gains nothing.
 */
export function makeGuardedLookup(policy: AddressPolicy, resolve: typeof systemLookup = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, "", 0);
      const first = addresses[0];
      if (first === undefined || !addresses.every(({ address }) => policy.allows(address))) {
        return callback(new AddressRefused("the name does not resolve to a public address"), "", 0);
      }
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
