import type { NotEvaluatedCause, Outcome, Severity } from '#libs/core';

/** How each outcome is marked: a glyph, a word, and the tone of its colours. Never the colour alone. */
export const OUTCOME_MARKS: Readonly<Record<Outcome | 'stale' | 'waived', Mark>> = {
  pass: { glyph: '✓', word: 'pass', tone: 'pass' },
  fail: { glyph: '✗', word: 'fail', tone: 'fail' },
  warn: { glyph: '!', word: 'warning', tone: 'warn' },
  notEvaluated: { glyph: '?', word: 'not evaluated', tone: 'blind' },
  notApplicable: { glyph: '·', word: 'not applicable', tone: 'quiet' },
  manual: { glyph: 'M', word: 'manual', tone: 'quiet' },
  error: { glyph: '‼', word: 'error', tone: 'blind' },
  stale: { glyph: '∕', word: 'stale', tone: 'stale' },
  waived: { glyph: 'W', word: 'waived', tone: 'waived' },
};

export interface Mark {
  readonly glyph: string;
  readonly word: string;
  readonly tone: 'pass' | 'fail' | 'warn' | 'blind' | 'quiet' | 'stale' | 'waived';
}

/** Worst first; a letter each. */
export const SEVERITY_LETTERS: Readonly<Record<Severity, string>> = {
  critical: 'C',
  high: 'H',
  medium: 'M',
  low: 'L',
  info: 'I',
};

/** Why something was not judged, and what helps. */
export const CAUSES: Readonly<Record<NotEvaluatedCause, { readonly word: string; readonly help: string }>> = {
  forbidden: {
    word: 'Permission missing',
    help: 'The credential may not read what the control needs. The page of the cluster has the rules to add.',
  },
  unauthenticated: {
    word: 'Credential not accepted',
    help: 'The API server refused the credential. It may have expired or been revoked; store a new one.',
  },
  unreachable: {
    word: 'Not reachable',
    help: 'No connection to the API server. Check the address, the network and the egress rules.',
  },
  timeout: {
    word: 'No answer in time',
    help: 'The API server did not answer within the time for one cluster. Look at its load.',
  },
  transient: { word: 'API server error', help: 'The API server answered with errors. The next run tries again.' },
  incompleteList: {
    word: 'List incomplete',
    help: 'The list changed faster than it could be read. The next run tries again.',
  },
  budgetExceeded: {
    word: 'Limit reached',
    help: 'The limit of requests or bytes for one cluster was reached before everything was read.',
  },
  parseError: {
    word: 'Answer not understood',
    help: 'An object or an argument has a form that is not known. Please report it.',
  },
  identityMismatch: {
    word: 'Another cluster answered',
    help: 'The kube-system UID differs from the registered one. Nothing was judged. Check the address.',
  },
  notCollected: { word: 'Not collected', help: 'The data that the control needs was not collected in this run.' },
  undecidable: { word: 'Not decidable', help: 'What the cluster shows does not allow a verdict either way.' },
  tenantsUndefined: {
    word: 'Tenants not registered',
    help: 'The control needs to know the tenants of the cluster. Register them.',
  },
  tenantsAmbiguous: {
    word: 'Tenants ambiguous',
    help: 'The namespaces cannot be told apart by tenant. Correct the labels or names in the registry.',
  },
};

/** `pass` and `not applicable` need nobody; everything else is worth a look. Worst first. */
export const OUTCOME_FILTER: readonly Outcome[] = [
  'fail',
  'error',
  'notEvaluated',
  'warn',
  'manual',
  'pass',
  'notApplicable',
];

/** `kustomizePatch` → what a person calls it. */
export const FIX_FORMS = {
  kustomizePatch: 'Git patch (kustomize)',
  fluxOperatorPatch: 'FluxInstance patch',
  helmValues: 'Helm values',
  azureExtension: 'Azure extension',
  manifest: 'Manifest',
  steps: 'Steps',
} as const;
