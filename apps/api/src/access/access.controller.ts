import { Body, Controller, Delete, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { TokenRepository, type TokenRecord } from '#libs/persistence';
import { hashToken, newApiToken, newId, newSecret } from '#libs/platform';
import { unauthenticated } from '../auth/admission.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { readCookie, SESSION_SECONDS, sessionCookie, sessionCookieName } from '../auth/cookies.js';
import { checkExpiry, DEFAULT_TOKEN_DAYS, inDays, LOGIN_LINK_MINUTES, MAX_TOKEN_DAYS } from '../auth/lifetimes.js';
import { grants, PERMISSIONS, type Permission } from '../auth/permissions.js';
import { TokenAuthenticator } from '../auth/token-authenticator.js';
import { created, noContent, ok, wouldBe, type Answer } from '../http/answer.js';
import { Lists } from '../http/lists.js';
import { Operation } from '../http/operation.js';
import type { Page } from '../http/page.js';
import { WriteQuery } from '../http/patching.js';
import { invalid, notFound, Problem } from '../http/problem.js';
import type { View } from '../http/schema.js';
import { ApiSettings } from '../settings.js';
import {
  CreatedToken,
  LoginLink,
  LoginLinkInput,
  Me,
  SessionInput,
  Token,
  TokenInput,
  TokenPage,
  TokenQuery,
  toToken,
} from './access.dto.js';

@Controller('api/v1')
export class AccessController {
  constructor(
    private readonly tokens: TokenRepository,
    private readonly authenticator: TokenAuthenticator,
    private readonly lists: Lists,
    private readonly settings: ApiSettings,
  ) {}

  @Get('me')
  @Operation({ id: 'getMe', tag: 'Access', summary: 'Who is asking', access: 'authenticated', answers: { 200: Me } })
  async me(@CurrentCaller() caller: Caller): Promise<Answer<View<typeof Me>>> {
    return ok(describe(caller));
  }

  @Get('tokens')
  @Operation({
    id: 'listTokens',
    tag: 'Access',
    summary: 'List tokens',
    access: 'access.admin',
    answers: { 200: TokenPage },
  })
  async list(@Query({ schema: TokenQuery }) query: TokenQuery): Promise<Answer<Page<Token>>> {
    const filter = { role: query.role, active: query.active };
    return this.lists.answer('/tokens', query, (window) => this.tokens.list({ ...window, filter }), toToken);
  }

  @Post('tokens')
  @Operation({
    id: 'createToken',
    tag: 'Access',
    summary: 'Create a token; it is shown once',
    access: 'access.admin',
    showOnce: ['token'],
    answers: { 201: CreatedToken, 200: CreatedToken },
    errors: ['expiry-too-long'],
  })
  async create(
    @Body({ schema: TokenInput }) { name, role, expiresAt: asked }: TokenInput,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<View<typeof CreatedToken>>> {
    const now = this.settings.now();
    if (asked !== undefined) checkExpiry(asked, now, MAX_TOKEN_DAYS);
    const expiresAt = new Date(asked ?? inDays(now, DEFAULT_TOKEN_DAYS)).toISOString();
    const { token, publicId, hash } = newApiToken('pat');
    const id = newId('tok');
    const values = { id, name, role, publicId, expiresAt, createdBy: caller.tokenId };
    if (dryRun) {
      const createdAt = new Date(now).toISOString();
      return wouldBe(toToken({ ...values, createdAt, lastUsedAt: null, revokedAt: null }));
    }
    const record = await this.tokens.create({ ...values, hash });
    return created({ ...toToken(record), token }, { location: `/api/v1/tokens/${record.id}` });
  }

  @Get('tokens/:tokenId')
  @Operation({
    id: 'getToken',
    tag: 'Access',
    summary: 'Read a token',
    access: 'access.admin',
    answers: { 200: Token },
  })
  async get(@Param('tokenId') id: string): Promise<Answer<Token>> {
    return ok(toToken(await this.#find(id)));
  }

  @Delete('tokens/:tokenId')
  @Operation({
    id: 'revokeToken',
    tag: 'Access',
    summary: 'Revoke a token and its sessions',
    access: 'access.admin',
    answers: { 204: null },
    errors: ['last-admin'],
  })
  async revoke(
    @Param('tokenId') id: string,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<undefined>> {
    const token = await this.#find(id);
    const isActive = token.revokedAt === null && Date.parse(token.expiresAt) > this.settings.now();
    if (token.role === 'admin' && isActive && (await this.tokens.activeAdmins()) < 2) {
      throw new Problem('last-admin', `The token "${token.name}" is the only admin token left.`);
    }
    if (!dryRun) await this.tokens.revoke(id);
    return noContent();
  }

  @Post('auth/login-links')
  @Operation({
    id: 'createLoginLink',
    tag: 'Access',
    summary: 'Create a link that logs a browser in once',
    access: 'access.admin',
    showOnce: ['url'],
    answers: { 201: LoginLink },
  })
  async createLoginLink(
    @Body({ schema: LoginLinkInput }) input: LoginLinkInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<View<typeof LoginLink>>> {
    const tokenId = input.tokenId ?? caller.tokenId;
    const token = await this.tokens.get(tokenId);
    if (!token) throw invalid([{ pointer: '/tokenId', code: 'unknown-token', detail: 'There is no such token.' }]);
    const { secret, hash } = newSecret();
    const expiresAt = new Date(this.settings.now() + LOGIN_LINK_MINUTES * 60_000);
    await this.tokens.createLoginLink({ hash, tokenId, expiresAt });
    const url = `${this.settings.publicUrl}/login#link=${secret}`;
    return created({ url, expiresAt: expiresAt.toISOString() }, { location: '/login' });
  }

  @Post('auth/session')
  @Operation({
    id: 'openSession',
    tag: 'Access',
    summary: 'Open a browser session with a token or a login link',
    description: 'Sets an HttpOnly cookie for twelve hours. A login link works once.',
    access: 'public',
    answers: { 201: Me },
    errors: ['unauthenticated', 'rate-limited', 'not-ready', 'internal'],
  })
  async openSession(
    @Body({ schema: SessionInput }) input: SessionInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<View<typeof Me>>> {
    const token =
      'token' in input
        ? await this.authenticator.activeToken(input.token)
        : await this.tokens.redeemLoginLink(hashToken(input.link));
    if (!token) throw unauthenticated();
    const { secret, hash } = newSecret();
    const expiresAt = new Date(this.settings.now() + SESSION_SECONDS * 1000);
    await this.tokens.createSession({ tokenId: token.id, hash, expiresAt });
    void reply.header('set-cookie', sessionCookie(secret, this.settings.tls));
    const { id: tokenId, name, role } = token;
    return created(describe({ tokenId, name, role, expiresAt: token.expiresAt, via: 'session' }), {
      location: '/api/v1/me',
    });
  }

  @Delete('auth/session')
  @Operation({
    id: 'closeSession',
    tag: 'Access',
    summary: 'Log out',
    access: 'authenticated',
    answers: { 204: null },
  })
  async closeSession(
    @Headers('cookie') cookie: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<undefined>> {
    const secret = readCookie(cookie, sessionCookieName(this.settings.tls));
    if (secret !== null) await this.tokens.endSession(hashToken(secret));
    void reply.header('set-cookie', sessionCookie('', this.settings.tls));
    return noContent();
  }

  async #find(id: string): Promise<TokenRecord> {
    const token = await this.tokens.get(id);
    if (!token) throw notFound('token', id);
    return token;
  }
}

function describe(caller: Caller): View<typeof Me> {
  const permissions = (Object.keys(PERMISSIONS) as Permission[]).filter((permission) =>
    grants(caller.role, permission),
  );
  return { ...caller, permissions };
}
