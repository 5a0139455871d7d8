import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { TokenRepository, type TokenRecord } from '#libs/persistence';
import { hashToken, parseApiToken, sameHash } from '#libs/platform';
import { ApiSettings } from '../settings.js';
import { Authenticator } from './admission.js';
import type { Caller } from './caller.js';
import { readCookie, sessionCookieName } from './cookies.js';

const BEARER = /^Bearer +(\S+) *$/i;

function callerOf({ id, name, role, expiresAt }: TokenRecord, via: Caller['via']): Caller {
  return { tokenId: id, name, role, expiresAt, via };
}

/** Knows callers by their API token (RFC 6750) or by the session cookie of the dashboard. */
@Injectable()
export class TokenAuthenticator extends Authenticator {
  constructor(
    private readonly tokens: TokenRepository,
    private readonly settings: ApiSettings,
  ) {
    super();
  }

  async authenticate({ headers }: FastifyRequest): Promise<Caller | null> {
    // A stated token counts alone: a wrong one must not fall back to a cookie that happens to be there.
    if (headers.authorization !== undefined) {
      const token = await this.activeToken(BEARER.exec(headers.authorization)?.[1] ?? '');
      return token && callerOf(token, 'token');
    }
    const secret = readCookie(headers.cookie, sessionCookieName(this.settings.tls));
    const token = secret === null ? null : await this.tokens.sessionToken(hashToken(secret));
    return token && callerOf(token, 'session');
  }

  /** The token that a text is; null where it is none, or is revoked or expired. */
  async activeToken(text: string): Promise<TokenRecord | null> {
    const parsed = parseApiToken(text);
    const found = parsed && (await this.tokens.findActive(parsed.publicId));
    if (!found || !sameHash(found.hash, parsed.hash)) return null;
    await this.tokens.touch(found.token.id);
    return found.token;
  }
}
