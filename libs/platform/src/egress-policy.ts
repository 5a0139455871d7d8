import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { PortRange } from './config.js';
import { EgressDenied, type EgressDenialCode } from './egress-denied.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Where a URL was found to lead. Connect to `address`, and nowhere else. */
export interface CheckedAddress {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  /** Host name for TLS and `Host`: lower case, no brackets, no trailing dot. */
  readonly host: string;
}

export interface EgressOptions {
  /** For addresses that the operator (never a caller of the API) configured: loopback is allowed, also over http. */
  readonly allowHttpLoopback?: boolean;
}

/** All addresses of a host name, in the order of preference. */
export type Resolver = (host: string) => Promise<readonly { readonly address: string }[]>;

const RESOLVE_TIMEOUT_MS = 5_000;

/** Metadata services of clouds: AWS, GCP, Azure and others at 169.254.169.254 (link-local), and these beside it. */
const METADATA = [
  '169.254.169.254/32',
  '169.254.170.2/32', // AWS ECS task credentials
  '100.100.100.200/32', // Alibaba Cloud
  '168.63.129.16/32', // Azure WireServer, a public address
  '192.0.0.192/32', // Oracle Cloud
  'fd00:ec2::254/128', // AWS
  'fd20:ce::254/128', // Google Cloud
].map((cidr) => ipaddr.parseCIDR(cidr));

/** Deprecated IPv4-compatible addresses (RFC 4291 section 2.5.5.1), which ipaddr.js calls unicast. */
const IPV4_COMPATIBLE = ipaddr.parseCIDR('::/96');

/** ipaddr.js range → why an address in it is not called. What is missing here is reserved. */
const CODE_OF_RANGE: Readonly<Record<string, EgressDenialCode>> = {
  unspecified: 'unspecified',
  broadcast: 'multicast',
  multicast: 'multicast',
  linkLocal: 'linkLocal',
  deprecatedSiteLocal: 'linkLocal',
  loopback: 'loopback',
  private: 'private',
  carrierGradeNat: 'private',
  uniqueLocal: 'private',
};
const NEVER: ReadonlySet<EgressDenialCode> = new Set(['unspecified', 'multicast', 'linkLocal', 'metadata']);
/** They carry an IPv4 address somewhere inside, so a rule about IPv4 addresses would be blind to them. */
const TUNNELS: ReadonlySet<string> = new Set(['6to4', 'teredo', 'rfc6145']);

function isWithin(address: Address, network: [Address, number]): boolean {
  return address.kind() === network[0].kind() && address.match(network);
}

/** The IPv4 address that a mapped (RFC 4291) or NAT64 (RFC 6052) address stands for; others as they are. */
function unwrapped(address: Address): Address {
  if (address.kind() === 'ipv4') return address;
  const v6 = address as ipaddr.IPv6;
  if (v6.isIPv4MappedAddress()) return v6.toIPv4Address();
  const [first, second, third] = v6.parts;
  if (first === 0x64 && second === 0xff9b && third === 0) return new ipaddr.IPv4(v6.toByteArray().slice(12));
  return v6;
}

function parse(text: string): Address | null {
  return ipaddr.isValid(text) ? ipaddr.parse(text) : null;
}

function isLoopbackName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

/** A host name as it is compared: no brackets, no trailing dot. WHATWG URL has already lower-cased and decoded it. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** The addresses behind a name; empty where there are none or the resolver does not answer in time. */
async function resolveName(resolver: Resolver, host: string): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<readonly { readonly address: string }[]>((resolve) => {
    timer = setTimeout(() => resolve([]), RESOLVE_TIMEOUT_MS);
  });
  try {
    return (await Promise.race([resolver(host), deadline])).map(({ address }) => address);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Decides which addresses the service may call, so that nobody can make it call inside its own network by registering
 * a cluster, proxy or webhook there. Every address behind a name is checked, and the caller connects to the checked
 * address itself (`lookupFor`), so that a second DNS answer cannot lead elsewhere.
 */
export class EgressPolicy {
  readonly #allowed: readonly [Address, number][];
  readonly #ports: readonly PortRange[];
  readonly #resolver: Resolver;

  constructor(settings: {
    readonly allowCidrs: readonly string[];
    /** Empty = any port. */
    readonly allowPorts: readonly PortRange[];
    readonly resolver?: Resolver;
  }) {
    this.#allowed = settings.allowCidrs.map((cidr) => ipaddr.parseCIDR(cidr));
    this.#ports = settings.allowPorts;
    this.#resolver = settings.resolver ?? ((host) => lookup(host, { all: true }));
  }

  /**
   * Checks where a URL leads.
   * @throws {EgressDenied} where it may not be called, or its name does not resolve
   */
  async resolve(url: string | URL, options: EgressOptions = {}): Promise<CheckedAddress> {
    const { host, port, secure } = this.#checkUrl(url, options);
    const literal = parse(host);
    if (!literal && isLoopbackName(host) && !this.#loopbackPossible(options)) throw new EgressDenied('loopback', host);
    const texts = literal ? [host] : await resolveName(this.#resolver, host);
    const addresses = texts.map(parse);
    const first = addresses[0];
    if (!first) throw new EgressDenied('unresolvable', host);
    for (const address of addresses) {
      const denial = address ? this.denialOf(address.toString(), options) : 'reserved';
      if (denial) throw new EgressDenied(denial, host);
      if (!secure && address && unwrapped(address).range() !== 'loopback') throw new EgressDenied('notHttps', host);
    }
    // A mapped address is called as the IPv4 address that was judged; a NAT64 one only works as it is.
    const target = first.kind() === 'ipv6' && (first as ipaddr.IPv6).isIPv4MappedAddress() ? unwrapped(first) : first;
    return { address: target.toString(), family: target.kind() === 'ipv4' ? 4 : 6, port, host };
  }

  /** Why an IP address may not be called; null where it may. Text that is no IP address is `reserved`. */
  denialOf(text: string, options: EgressOptions = {}): EgressDenialCode | null {
    const parsed = parse(text);
    if (!parsed) return 'reserved';
    const address = unwrapped(parsed);
    if (METADATA.some((network) => isWithin(address, network))) return 'metadata';
    const range = address.range();
    const tunnel = TUNNELS.has(range) || (range === 'unicast' && isWithin(address, IPV4_COMPATIBLE));
    if (range === 'unicast' && !tunnel) return null;
    const code = CODE_OF_RANGE[range] ?? 'reserved';
    if (NEVER.has(code) || tunnel) return code;
    if (code === 'loopback' && options.allowHttpLoopback) return null;
    return this.#allowed.some((network) => isWithin(address, network)) ? null : code;
  }

  #checkUrl(text: string | URL, options: EgressOptions): { host: string; port: number; secure: boolean } {
    if (!URL.canParse(String(text))) throw new EgressDenied('invalidUrl');
    const url = new URL(text);
    const secure = url.protocol === 'https:';
    const host = hostOf(url);
    if (!secure && !(url.protocol === 'http:' && options.allowHttpLoopback)) throw new EgressDenied('notHttps', host);
    if (host === '') throw new EgressDenied('invalidUrl');
    if (url.username !== '' || url.password !== '') throw new EgressDenied('credentialsInUrl', host);
    const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
    const allowed = this.#ports.length === 0 || this.#ports.some(({ from, to }) => from <= port && port <= to);
    if (port === 0 || !allowed) throw new EgressDenied('portNotAllowed', host);
    return { host, port, secure };
  }

  #loopbackPossible(options: EgressOptions): boolean {
    return ['127.0.0.1', '::1'].some((address) => this.denialOf(address, options) === null);
  }
}

/** A `lookup` for `net.connect`, `tls.connect` or undici's `Agent({connect})` that always answers the checked address. */
export function lookupFor(checked: Pick<CheckedAddress, 'address' | 'family'>): LookupFunction {
  const { address, family } = checked;
  return (_host, options, callback) => {
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}
