import type { KustomizationReference } from '#libs/core';

/** What an entry of a kustomization.yaml leads to, as kustomize reads it. */
export type ReferenceTarget =
  /** A path below the file, or an inline document. */
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'inline' }
  /** Fetched by http(s). */
  | { readonly kind: 'remoteFile' }
  /** A Git repository that is cloned; pinned where it names a whole commit. */
  | { readonly kind: 'remoteBase'; readonly pinned: boolean }
  /** Charts that kustomize would inflate with Helm. */
  | { readonly kind: 'helmChart' };

/** Entries that may be directories or Git repositories. All others are files. */
const BASES: ReadonlySet<string> = new Set([
  'resources',
  'bases',
  'components',
  'generators',
  'transformers',
  'validators',
]);

const HELM = /^helm(?:Charts|ChartInflationGenerator|Globals)\b/;
const GENERATED_FILES = /^(?:configMapGenerator|secretGenerator)\.files$/;
const SCHEME = /^(ssh|https?|file):\/\//i;
const USER = /^[a-z][a-z0-9-]*@/i;
const GITHUB = /^github\.com[/:]/i;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
const MANIFEST = /\.(?:ya?ml|json)$/i;
const ANY_FILE = /\.[a-z0-9]{1,10}$/i;

/**
 * Where an entry leads. Of `resources` and its like kustomize fetches an http(s) URL as a file first and clones it only
 * then, so that what looks like a manifest is one; a host without a scheme is remote only where it is `github.com` or
 * has a user before it. Source: `NewRepoSpecFromURL` and `accumulateResources` of sigs.k8s.io/kustomize/api.
 */
export function targetOf({ field, value }: Pick<KustomizationReference, 'field' | 'value'>): ReferenceTarget {
  if (HELM.test(field)) return { kind: 'helmChart' };
  const text = GENERATED_FILES.test(field) ? withoutKey(value) : value;
  if (text.includes('\n')) return { kind: 'inline' };
  if (!BASES.has(field)) return /^https?:\/\//i.test(text) ? { kind: 'remoteFile' } : { kind: 'local', path: text };
  const base = gitBase(text);
  // No component is a single file.
  if (/^https?:\/\//i.test(text) && field !== 'components' && !looksLikeRepository(text)) return { kind: 'remoteFile' };
  return base ?? { kind: 'local', path: text };
}

/** `files` of a generator: `[key=]path`. */
function withoutKey(entry: string): string {
  const [, path] = /^[^=/?]*=(.+)$/s.exec(entry) ?? [];
  return path ?? entry;
}

/** Of an http(s) URL: whether it is meant to be cloned rather than fetched. */
function looksLikeRepository(url: string): boolean {
  const { location, ref } = split(url);
  const [host = '', ...path] = location.replace(SCHEME, '').split('/');
  const rest = path.join('/');
  if (MANIFEST.test(rest) && !rest.includes('//') && !rest.includes('.git/')) return false;
  if (ref !== undefined || rest.includes('//') || /\.git(?:\/|$)/.test(rest) || rest.includes('_git/')) return true;
  return /^(?:[^@]+@)?github\.com$/i.test(host) && path.filter(Boolean).length >= 2 && !ANY_FILE.test(rest);
}

function gitBase(text: string): Extract<ReferenceTarget, { kind: 'remoteBase' }> | undefined {
  const { location, ref } = split(text);
  const stripped = location.replace(/^git::/i, '');
  const scheme = SCHEME.exec(stripped)?.[1]?.toLowerCase();
  const rest = stripped.replace(SCHEME, '');
  const scp = scheme === undefined && (USER.test(rest) || GITHUB.test(rest.replace(USER, '')));
  if (scheme === undefined && !scp) return undefined;
  const path = scheme === 'file' ? rest : rest.replace(USER, '').replace(scp ? /^[^/:]*[/:]/ : /^[^/]*\//, '');
  const marked = /_git\/|\/\/|\.git/.test(path);
  const enough = scheme === 'file' || marked || path.split('/').length >= 2;
  return path !== '' && enough ? { kind: 'remoteBase', pinned: COMMIT.test(ref ?? '') } : undefined;
}

/** The ref of a remote base: `ref` before `version`. */
function split(text: string): { readonly location: string; readonly ref?: string } {
  const mark = text.indexOf('?');
  if (mark < 0) return { location: text };
  const query = new URLSearchParams(text.slice(mark + 1));
  const ref = query.get('ref') || query.get('version') || undefined;
  return { location: text.slice(0, mark), ...(ref !== undefined && { ref }) };
}

/** Parts of a query that say what is fetched; others may be credentials. */
const SHOWN_PARAMETERS: ReadonlySet<string> = new Set(['ref', 'version', 'timeout', 'submodules']);

/** An entry as findings show it: without user name, password, and parameters that may be a token. */
export function shownReference({ field, value }: Pick<KustomizationReference, 'field' | 'value'>): string {
  const text = GENERATED_FILES.test(field) ? withoutKey(value) : value;
  const [location = '', query] = text.split('?', 2);
  const place = location.replace(/(:\/\/)[^/@]*@/, '$1');
  const kept = [...new URLSearchParams(query ?? '')].filter(([name]) => SHOWN_PARAMETERS.has(name));
  return kept.length === 0 ? place : `${place}?${kept.map((pair) => pair.join('=')).join('&')}`;
}
