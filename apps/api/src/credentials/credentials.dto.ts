import { z } from 'zod';
import type { CredentialRecord } from '#libs/persistence';
import { DateTime, named, text, type View } from '../http/schema.js';

const secret = (max: number, what: string) => z.string().min(1).max(max).describe(`${what} Write-only.`);

export const Connection = z
  .strictObject({
    server: text(2048).min(1).describe('`https://host[:port][/path]` of the API server.'),
    caData: z
      .string()
      .max(200_000)
      .optional()
      .describe('CA certificates, as PEM or as base64 of PEM. Absent: the public CAs.'),
    tlsServerName: text(253).optional().describe('Name to expect in the server’s certificate.'),
  })
  .describe('How the API server is reached.');
export type Connection = z.infer<typeof Connection>;

/** Larger ones get their own code, `tooLarge`, from the parser; this only keeps the request in bounds. */
const KUBECONFIG_LIMIT = 300_000;

export const CredentialInput = named(
  'CredentialInput',
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('kubeconfig'),
      kubeconfig: secret(KUBECONFIG_LIMIT, 'A kubeconfig, as text. Names the server too, so `connection` is left out.'),
      context: text(253).optional().describe('Context to use; absent: the current one.'),
    }),
    z.strictObject({ kind: z.literal('token'), token: secret(16_384, 'Bearer token, such as a service account’s.') }),
    z.strictObject({
      kind: z.literal('clientCertificate'),
      certData: secret(100_000, 'Client certificate, as PEM or base64 of PEM.'),
      keyData: secret(100_000, 'Its private key, without a passphrase.'),
    }),
  ]),
  'What proves to the cluster who is asking. Sealed at once and never returned.',
  { kind: 'token', token: 'eyJhbGciOiJSUzI1NiJ9.example.signature' },
);
export type CredentialInput = z.infer<typeof CredentialInput>;

export const Credential = named(
  'Credential',
  z.object({
    id: z.string(),
    kind: z.enum(['token', 'clientCertificate']),
    fingerprint: z.string().describe('SHA-256 that tells two credentials apart; nothing can be derived from it.'),
    subject: z.string().nullable().describe('Who it says it is: claim `sub`, or subject of the certificate.'),
    expiresAt: DateTime.nullable().describe('Null: it does not say.'),
    lastUsedAt: DateTime.nullable(),
    createdAt: DateTime,
  }),
  'A stored credential, without the secret.',
  {
    id: 'crd_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    kind: 'token',
    fingerprint: '9b1c4d0f7a52',
    subject: 'system:serviceaccount:plimsoll:plimsoll-auditor',
    expiresAt: '2026-12-24T01:00:00.000Z',
    lastUsedAt: '2026-11-24T02:00:06.000Z',
    createdAt: '2026-11-24T01:00:00.000Z',
  },
);
export type Credential = View<typeof Credential>;

export const CredentialList = named(
  'CredentialList',
  z.object({ items: z.array(Credential) }),
  'The credentials of a cluster; one is in use.',
  {
    items: [
      {
        id: 'crd_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
        kind: 'token',
        fingerprint: '9b1c4d0f7a52',
        subject: 'system:serviceaccount:plimsoll:plimsoll-auditor',
        expiresAt: '2026-12-24T01:00:00.000Z',
        lastUsedAt: '2026-11-24T02:00:06.000Z',
        createdAt: '2026-11-24T01:00:00.000Z',
      },
    ],
  },
);

export const CredentialReplacement = named(
  'CredentialReplacement',
  z.strictObject({
    connection: Connection.optional().describe('A new address; absent: the present one stays.'),
    credential: CredentialInput,
  }),
  'A new credential. The present one is used until this one is stored, then forgotten.',
  { credential: { kind: 'token', token: 'eyJhbGciOiJSUzI1NiJ9.example.signature' } },
);
export type CredentialReplacement = z.infer<typeof CredentialReplacement>;

export function toCredential(credential: CredentialRecord): Credential {
  const { id, kind, fingerprint, subject, expiresAt, lastUsedAt, createdAt } = credential;
  return { id, kind, fingerprint, subject, expiresAt, lastUsedAt, createdAt };
}
