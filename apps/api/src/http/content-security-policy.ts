import { randomBytes } from 'node:crypto';
import type { FastifyHelmetOptions } from '@fastify/helmet';

/** Stands in the dashboard's index.html (Vite `html.cspNonce`) and is replaced for each request. */
export const NONCE_PLACEHOLDER = '__CSP_NONCE__';

export function newNonce(): string {
  return randomBytes(16).toString('base64');
}

/** Everything from this service, nothing inline but one style element with a nonce of this answer. */
export function contentSecurityPolicy(nonce: string, tls: boolean): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(tls ? ['upgrade-insecure-requests'] : []),
  ].join('; ');
}

/** @param tls whether people reach the service by https; otherwise browsers must not be told to insist on it */
export function helmetOptions(tls: boolean): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: false,
    strictTransportSecurity: tls && { maxAge: 31_536_000 },
    crossOriginEmbedderPolicy: true,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  };
}
