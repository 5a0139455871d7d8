/** What a text looks like that must not stand where a reference is asked for. */
export type CredentialShape = 'jwt' | 'pem' | 'kubeconfig' | 'token' | 'urlWithPassword';

/**
 * Prefixes and forms that services give their tokens, so that scanners can find them. Each is anchored to where a word
 * begins: `vault:secret/ghp_notes` is a path, `ghp_` and 36 characters are a token.
 */
const TOKENS: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, // AWS access key id
  /\bgh[oprsu]_[A-Za-z0-9]{36,}/, // GitHub
  /\bgithub_pat_\w{30,}/,
  /\bgl(?:pat|oas|dt|rt|ft|agent)-[\w-]{20,}/, // GitLab
  /\bxox[abeprs]-[\w-]{10,}/, // Slack
  /\bAIza[\w-]{35}/, // Google
  /\bya29\.[\w-]{20,}/,
  /\bhv[bsr]\.[\w-]{20,}/, // HashiCorp Vault
  /\bAGE-SECRET-KEY-1[0-9A-Z]{20,}/i,
  /\bsha256~[\w-]{40,}/, // OpenShift
  /\bkubeconfig-(?:u|user)-\w+:\w{40,}/, // Rancher
  /\btoken-\w{4,}:\w{40,}/,
  /\bops_eyJ[\w-]{20,}/, // 1Password
  /\bdop_v1_[0-9a-f]{60,}/, // DigitalOcean
  /\bplm_(?:pat|sat)_\w{20,}/,
  /^[a-z0-9]{6}\.[a-z0-9]{16}$/, // bootstrap token of Kubernetes
  /\bbearer\s+[\w.~+/-]{20,}/i,
];

/**
 * The form of a credential that a text has, or undefined where it has none that is known. Looks through one layer of
 * base64. A password that is any word cannot be told from a name; nothing here proves that a text is harmless.
 */
export function credentialShapeOf(text: string): CredentialShape | undefined {
  return shapeOf(text) ?? shapeInside(text);
}

function shapeOf(text: string): CredentialShape | undefined {
  if (/-----BEGIN [A-Z0-9 ]+-----/.test(text)) return 'pem';
  if (isKubeconfig(text)) return 'kubeconfig';
  if (holdsJwt(text)) return 'jwt';
  if (TOKENS.some((token) => token.test(text))) return 'token';
  return /:\/\/[^\s/?#:@]*:[^\s/?#@]+@/.test(text) ? 'urlWithPassword' : undefined;
}

/** A kubeconfig, also without its head: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
function isKubeconfig(text: string): boolean {
  if (/\b(?:client-key-data|client-certificate-data|certificate-authority-data)\b/.test(text)) return true;
  return /\bkind["']?\s*:\s*["']?Config\b/.test(text) && /\b(?:clusters|users|contexts|current-context)\b/.test(text);
}

/** RFC 7519: three parts in base64url, of which the first is the header, a JSON object. */
function holdsJwt(text: string): boolean {
  for (const [, header = ''] of text.matchAll(/([\w-]{8,})\.[\w-]{4,}\.[\w-]*/g)) {
    const decoded = decodeBase64(header.replaceAll('-', '+').replaceAll('_', '/'));
    if (decoded !== undefined && /^\{.*"(?:alg|typ|kid|enc)"\s*:/s.test(decoded)) return true;
  }
  return false;
}

function shapeInside(text: string): CredentialShape | undefined {
  const compact = text.replaceAll(/\s/g, '');
  if (compact.length < 24 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(compact)) return undefined;
  const decoded = decodeBase64(compact.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''));
  return decoded === undefined ? undefined : shapeOf(decoded);
}

function decodeBase64(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}

/** What is wrong with a text that should only say where a credential is kept, for people; never repeats the text. */
export const CREDENTIAL_SHAPES: Readonly<Record<CredentialShape, string>> = {
  jwt: 'This looks like a token (a JWT).',
  pem: 'This looks like a key or certificate (PEM).',
  kubeconfig: 'This looks like a kubeconfig.',
  token: 'This looks like a token.',
  urlWithPassword: 'This looks like a URL with a password.',
};
