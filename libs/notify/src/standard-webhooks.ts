import { createHmac, randomBytes } from 'node:crypto';

/** `whsec_` and base64 of 24 to 64 random bytes (Standard Webhooks 1.0.0, "Signature scheme"). */
const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/** The key in a signing secret, or null where it is not one. */
function signingKey(secret: string): Buffer | null {
  const encoded = SECRET.exec(secret)?.[1];
  if (encoded === undefined || encoded.length % 4 !== 0) return null;
  const key = Buffer.from(encoded, 'base64');
  return key.length >= 24 && key.length <= 64 ? key : null;
}

export function isSigningSecret(secret: string): boolean {
  return signingKey(secret) !== null;
}

/** A new secret for one endpoint, 32 random bytes. Shown once. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/**
 * The headers that let a receiver check who sent a body and when.
 *
 * @param id stays the same for every attempt of one delivery, so that the receiver can drop repeats
 * @param timestamp of the attempt, milliseconds since the epoch
 * @param secrets newest first; several while a secret is being replaced, each adds a signature
 */
export function signatureHeaders(
  id: string,
  timestamp: number,
  body: string,
  secrets: readonly string[],
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const seconds = Math.floor(timestamp / 1000).toString();
  const signatures = secrets.map((secret) => {
    const key = signingKey(secret);
    if (key === null) throw new Error('A signing secret of this channel is damaged. Store a new one.');
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') };
}
