export type EgressDenialCode =
  | 'invalidUrl'
  | 'notHttps'
  | 'credentialsInUrl'
  | 'portNotAllowed'
  | 'unresolvable'
  | 'loopback'
  | 'linkLocal'
  | 'metadata'
  | 'private'
  | 'multicast'
  | 'unspecified'
  | 'reserved';

const ALLOWABLE = 'If it is meant to be reached, add its network to PLIMSOLL_EGRESS_ALLOW_CIDRS.';

const SENTENCES: Record<EgressDenialCode, string> = {
  invalidUrl: 'This is not a URL. Write it as https://host[:port]/path.',
  notHttps: 'Only https addresses are called. Use the https address.',
  credentialsInUrl: 'The URL holds a user name or password. Remove them; send the credential in its own field.',
  portNotAllowed: 'This port is not allowed. Add it to PLIMSOLL_EGRESS_ALLOW_PORTS, or use an allowed one.',
  unresolvable: 'The host name could not be resolved. Check its spelling, and the DNS of this service.',
  loopback: `The address is this machine itself (loopback). ${ALLOWABLE}`,
  linkLocal: 'The address is link-local; such addresses are never called. Use a routable address.',
  metadata: 'The address is a cloud metadata service; such addresses are never called.',
  private: `The address is in a private network. ${ALLOWABLE}`,
  multicast: 'The address is a multicast or broadcast address, not a server.',
  unspecified: 'The address is "any address" (0.0.0.0/8 or ::), not a server.',
  reserved: `The address is in a range reserved for special use. ${ALLOWABLE}`,
};

/** A connection that is not made. Names the host at most: paths and user names may be secret. */
export class EgressDenied extends Error {
  override readonly name = 'EgressDenied';
  constructor(
    readonly code: EgressDenialCode,
    readonly host?: string,
  ) {
    super(host === undefined ? SENTENCES[code] : `${host}: ${SENTENCES[code]}`);
  }
}
