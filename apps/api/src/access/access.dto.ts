import { z } from 'zod';
import type { TokenRecord } from '#libs/persistence';
import { PERMISSIONS, ROLES, type Permission } from '../auth/permissions.js';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, DateTime, exampleOf, Flag, named, text, type View } from '../http/schema.js';

const RoleSchema = z.enum(ROLES).describe('Each role can do what the ones before it can.');
const PermissionSchema = z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]]);

export const TokenInput = named(
  'TokenInput',
  z.strictObject({
    name: text(100).min(1).describe('What it is for.'),
    role: RoleSchema,
    expiresAt: DateTime.optional().describe('Absent: in 90 days. At most 365 days from now.'),
  }),
  'A token to make.',
  { name: 'ci-fleet', role: 'operator', expiresAt: '2027-02-22T00:00:00Z' },
);
export type TokenInput = z.infer<typeof TokenInput>;

export const Token = named(
  'Token',
  z.object({
    id: z.string(),
    name: z.string(),
    role: RoleSchema,
    publicId: z.string().describe('The part of the token that may be shown.'),
    createdBy: z.string().describe('Id of the token that made it; `system`: the service itself.'),
    createdAt: DateTime,
    expiresAt: DateTime,
    lastUsedAt: DateTime.nullable(),
    revokedAt: DateTime.nullable(),
  }),
  'An API token, without the secret.',
  {
    id: 'tok_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    name: 'ci-fleet',
    role: 'operator',
    publicId: 'f3kQ2ZxYb1a',
    createdBy: 'tok_01JD9YZ3M6Q8R5T7V9X1Z3B5D6',
    createdAt: '2026-11-24T01:00:00.000Z',
    expiresAt: '2027-02-22T00:00:00.000Z',
    lastUsedAt: null,
    revokedAt: null,
  },
);
export type Token = View<typeof Token>;

export const CreatedToken = named(
  'CreatedToken',
  Token.extend({
    token: z
      .string()
      .optional()
      .describe('The token itself. Shown in this answer only; absent where the request was replayed.'),
  }),
  'A token that was just made.',
  { ...exampleOf(Token), token: 'plm_pat_…' },
);

export const TokenPage = pageOf('TokenPage', Token);
export const TokenQuery = listQuery(['createdAt', 'expiresAt', 'name'], '-createdAt', {
  role: anyOf(RoleSchema),
  active: Flag.describe('Neither revoked nor expired.'),
});
export type TokenQuery = z.infer<typeof TokenQuery>;

export const Me = named(
  'Me',
  z.object({
    tokenId: z.string(),
    name: z.string(),
    role: RoleSchema,
    permissions: z.array(PermissionSchema),
    via: z.enum(['token', 'session']),
    expiresAt: DateTime,
  }),
  'Who is asking, and what they may do.',
  {
    tokenId: 'tok_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    name: 'ada',
    role: 'viewer',
    permissions: ['fleet.read'],
    via: 'session',
    expiresAt: '2027-02-22T00:00:00.000Z',
  },
);

export const LoginLinkInput = named(
  'LoginLinkInput',
  z.strictObject({ tokenId: text(63).optional().describe('Whose session it opens; absent: the asking token’s.') }),
  'A login link to make.',
  {},
);
export type LoginLinkInput = z.infer<typeof LoginLinkInput>;

export const LoginLink = named(
  'LoginLink',
  z.object({
    url: z
      .string()
      .optional()
      .describe('Opens a session once. The secret is in the fragment, which browsers never send; absent on a replay.'),
    expiresAt: DateTime,
  }),
  'A link that logs a browser in, once, within ten minutes.',
  { url: 'https://plimsoll.example.com/login#link=…', expiresAt: '2026-11-24T01:10:00.000Z' },
);

export const SessionInput = named(
  'SessionInput',
  z.union([
    z.strictObject({ token: z.string().min(1).max(300) }),
    z.strictObject({ link: z.string().min(1).max(300) }),
  ]),
  'What to open a session with: an API token, or the secret of a login link.',
  { token: 'plm_pat_…' },
);
export type SessionInput = z.infer<typeof SessionInput>;

export function toToken(token: TokenRecord): Token {
  const { id, name, role, publicId, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt } = token;
  return { id, name, role, publicId, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt };
}
