/** Claims of a JWT (RFC 7519). The signature is not checked: only the API server can. Times RFC 3339. */
interface TokenClaims {
  readonly subject?: string;
  readonly issuer?: string;
  readonly audiences?: readonly string[];
  readonly issuedAt?: string;
  readonly expiresAt?: string;
}

const MAX_TEXT = 512;
const MAX_AUDIENCES = 20;

/** The claims of a token; undefined for one that is no JWT. */
export function tokenClaims(token: string): TokenClaims | undefined {
  const [header, payload, signature, ...more] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) return undefined;
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return undefined;
  const { sub, iss, aud, exp, iat } = claims as Readonly<Record<string, unknown>>;
  const audiences = (Array.isArray(aud) ? (aud as readonly unknown[]) : [aud]).filter(
    (audience) => typeof audience === 'string',
  );
  const expiresAt = time(exp);
  const issuedAt = time(iat);
  return {
    ...(typeof sub === 'string' && { subject: short(sub) }),
    ...(typeof iss === 'string' && { issuer: short(iss) }),
    ...(audiences.length > 0 && { audiences: audiences.slice(0, MAX_AUDIENCES).map(short) }),
    ...(issuedAt !== undefined && { issuedAt }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function short(text: string): string {
  return text.slice(0, MAX_TEXT);
}

/** A NumericDate as RFC 3339; undefined where it is none or no date in this era. */
function time(seconds: unknown): string | undefined {
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds < 253_402_300_800)) return undefined;
  return new Date(seconds * 1000).toISOString();
}
