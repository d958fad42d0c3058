import ipaddr from "ipaddr.js";

/** A network, such as `10.0.0.0/8`. */
export type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** To which addresses messages may go, besides all that are public. */
export interface Reach {
  /** Networks that the operator has opened. */
  readonly networks: readonly Network[];
  /** Whether receivers on this machine are reached, with http too: for development. */
  readonly loopback: boolean;
}

/** Public by its number, yet the metadata service of a cloud, for whoever asks from within. */
const metadataServices = ["168.63.129.16"];

/** Tells whether a message may be sent to an address. What is not public is not, unless the reach says otherwise. */
export function isReachable(address: string, { networks, loopback }: Reach): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 address that is mapped into IPv6 is that IPv4 address.
  const parsed = ipaddr.process(address);
  if (networks.some((network) => isIn(parsed, network))) return true;
  if (parsed.range() === "loopback") return loopback;
  return parsed.range() === "unicast" && !metadataServices.includes(parsed.toString());
}

/** Tells an address of this machine. */
export function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
}

/** Reads a network; undefined when it is none. */
export function parseNetwork(text: string): Network | undefined {
  return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : undefined;
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
