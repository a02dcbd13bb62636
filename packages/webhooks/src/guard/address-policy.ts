import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [Address, number];

export interface AddressPolicy {
  /** Whether a request may go to this IP address, given in any textual form that the resolver or a URL uses. */
  allows(address: string): boolean;
}

/** Only this part of IPv6 is handed out as global unicast (RFC 4291 §2.4); the rest is translation or reserved. */
const GLOBAL_UNICAST_IPV6 = ipaddr.parseCIDR("2000::/3") as [ipaddr.IPv6, number];

const isInside = (address: Address, [network, bits]: Range): boolean =>
  address.kind() === network.kind() && address.match([network, bits] as [ipaddr.IPv4 & ipaddr.IPv6, number]);

/** An address written as IPv4-mapped IPv6 is the IPv4 address that the socket will reach. */
function unmap(address: Address): Address {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function isPublic(address: Address): boolean {
  if (address.range() !== "unicast") return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST_IPV6);
}

/**
 * Allows public unicast addresses and the given CIDR ranges; everything else is refused by default: private, loopback,
 * link-local, CGNAT, multicast, reserved, and the IPv6 forms that carry IPv4 addresses (mapped, 6to4, Teredo, NAT64).
 * Throws when a range is not CIDR notation.
 */
export function makeAddressPolicy(allowedCidrs: readonly string[] = []): AddressPolicy {
  const ranges: readonly Range[] = allowedCidrs.map((cidr) => ipaddr.parseCIDR(cidr));
  return {
    allows(text) {
      if (!ipaddr.isValid(text)) return false;
      const address = ipaddr.parse(text);
      const reached = unmap(address);
      if (ranges.some((range) => isInside(reached, range))) return true;
      // A mapped public address is refused as well: nobody with an ordinary receiver writes it.
      return isPublic(address);
    },
  };
}
