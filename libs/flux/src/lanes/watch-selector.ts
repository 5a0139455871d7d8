import { type LabelRequirement, type LabelSelector, LabelSelectorError, parseLabelSelector } from '#libs/core';

/** The value of `--watch-label-selector`. */
export interface WatchSelector {
  /** As it is written; empty where the controller watches everything. */
  readonly text: string;
  /** What it means where a build accepts it; undefined where it is no selector by any grammar. */
  readonly requirements: LabelSelector | undefined;
  /** Why Flux controllers exit over it; absent where they accept it. */
  readonly refused?: string;
}

/**
 * Reads the flag as the controllers do, with `metav1.ParseToLabelSelector` of k8s.io/apimachinery. That grammar is the
 * one of `kubectl -l` with three differences: it refuses `!=` and empty sets, and of several `key=value` for one key the
 * last one wins instead of contradicting the others.
 */
export function parseWatchSelector(text: string): WatchSelector {
  if (text.trim() === '') return { text, requirements: [] };
  const equalities = new Map<string, LabelRequirement>();
  const sets: LabelRequirement[] = [];
  let refused: string | undefined;
  try {
    for (const part of text.split(/,(?![^(]*\))/)) {
      const [requirement, ...more] = parseLabelSelector(part);
      if (requirement === undefined || more.length > 0) throw new LabelSelectorError('A requirement is empty.');
      if (/\(\s*\)/.test(part)) refused ??= 'it has an empty set of values';
      if (part.includes('!=')) refused ??= 'it uses "!=", which this flag does not know; write "notin"';
      if (part.includes('=') && !part.includes('!=')) equalities.set(requirement.key, requirement);
      else sets.push(requirement);
    }
  } catch (error) {
    if (!(error instanceof LabelSelectorError)) throw error;
    return { text, requirements: undefined, refused: 'it is no label selector' };
  }
  return { text, requirements: [...equalities.values(), ...sets], ...(refused !== undefined && { refused }) };
}
