import type { Alert } from '#libs/core';
import { excerpt } from '../excerpt.js';
import { type GoPattern, type MatchBudget, compileWithin, matchesGoPattern } from './go-regexp.js';
import { type PathAnswer, type Place, covered, partial, uncovered } from './path-answer.js';

/** A pattern of an Alert that notification-controller skips, because Go refuses it. */
export interface InvalidPattern {
  readonly list: 'inclusionList' | 'exclusionList';
  readonly index: number;
  readonly pattern: string;
  readonly why: string;
}

const NEAR = 6;
const PASSES = covered('ALERT', '');
/** More than these in one list are not looked at. */
const MAX_PATTERNS = 100;

/**
 * Tries the patterns of Alerts on sample messages. notification-controller lets a message through where some valid
 * pattern of `inclusionList` matches (or the list is empty) and none of `exclusionList` does; patterns that Go refuses
 * are skipped. https://fluxcd.io/flux/components/notification/alerts/
 */
export class MessageFilter {
  private readonly compiled = new Map<string, GoPattern>();
  /** Pattern and sample → match; Alerts of a fleet share their patterns. */
  private readonly matches = new Map<string, Map<string, boolean | undefined>>();
  /** An Alert is asked about the same messages for each object that it names. */
  private readonly answers = new Map<Alert, Map<readonly string[], PathAnswer>>();

  constructor(private readonly budget: MatchBudget) {}

  /** Whether an Alert lets all samples of a message through, some, or none. */
  judge(alert: Alert, samples: readonly string[]): PathAnswer {
    const { inclusionList = [], exclusionList = [] } = alert.spec;
    if (inclusionList.length === 0 && exclusionList.length === 0) return PASSES;
    const known = this.answers.get(alert) ?? new Map<readonly string[], PathAnswer>();
    this.answers.set(alert, known);
    const answer = known.get(samples) ?? this.tried(alert, samples);
    known.set(samples, answer);
    return answer;
  }

  private tried(alert: Alert, samples: readonly string[]): PathAnswer {
    let open: PathAnswer | undefined;
    let blocked: PathAnswer | undefined;
    let passed = 0;
    for (const sample of samples) {
      const answer = this.judgeSample(alert, sample);
      if (answer.state === 'covered') passed += 1;
      else if (answer.state === 'partial') open ??= answer;
      else blocked ??= answer;
    }
    if (passed === samples.length) return PASSES;
    if (blocked === undefined) return open ?? PASSES;
    if (passed === 0 && open === undefined) return blocked;
    return { ...blocked, state: 'partial', code: `${blocked.code}_IN_PART`, why: `${blocked.why}, for some messages` };
  }

  private judgeSample(alert: Alert, sample: string): PathAnswer {
    const { inclusionList = [], exclusionList = [] } = alert.spec;
    const label = `Alert ${alert.metadata.namespace ?? ''}/${alert.metadata.name}`;
    if (inclusionList.length > 0) {
      const found = this.first(inclusionList, sample);
      if (found.match === undefined) {
        if (found.open !== undefined) return notUnderstood(alert, 'inclusionList', found.open, label);
        const all = inclusionList.every((pattern) => this.compile(pattern).state === 'invalid');
        return uncovered(
          all ? 'INCLUSION_INVALID' : 'NOT_INCLUDED',
          all
            ? `${label} lets nothing through, because no pattern of its spec.inclusionList is valid`
            : `${label} does not let the message through: no pattern of its spec.inclusionList matches`,
          NEAR,
          placeOf(alert, 'inclusionList', 0, 'a pattern that matches the message'),
        );
      }
    }
    const found = this.first(exclusionList, sample);
    if (found.match !== undefined) {
      const place = placeOf(alert, 'exclusionList', found.match, 'no pattern that matches the message');
      return uncovered('EXCLUDED', `${label} drops the message by a pattern of its spec.exclusionList`, NEAR, place);
    }
    if (found.open !== undefined) return notUnderstood(alert, 'exclusionList', found.open, label);
    return PASSES;
  }

  /** The first pattern that matches, and the first of which it is not known. */
  private first(patterns: readonly string[], sample: string): { match: number | undefined; open: number | undefined } {
    let open: number | undefined = patterns.length > MAX_PATTERNS ? MAX_PATTERNS : undefined;
    for (const [index, pattern] of patterns.slice(0, MAX_PATTERNS).entries()) {
      const compiled = this.compile(pattern);
      if (compiled.state === 'invalid') continue;
      const matches = compiled.state === 'valid' ? this.match(pattern, compiled.program, sample) : undefined;
      if (matches === true) return { match: index, open };
      if (matches === undefined) open ??= index;
    }
    return { match: undefined, open };
  }

  private compile(pattern: string): GoPattern {
    const known = this.compiled.get(pattern);
    if (known) return known;
    const compiled = compileWithin(pattern, this.budget);
    this.compiled.set(pattern, compiled);
    return compiled;
  }

  private match(pattern: string, program: Parameters<typeof matchesGoPattern>[0], sample: string): boolean | undefined {
    const bySample = this.matches.get(pattern) ?? new Map<string, boolean | undefined>();
    this.matches.set(pattern, bySample);
    if (bySample.has(sample)) return bySample.get(sample);
    const matches = matchesGoPattern(program, sample, this.budget);
    bySample.set(sample, matches);
    return matches;
  }
}

function notUnderstood(
  alert: Alert,
  list: 'inclusionList' | 'exclusionList',
  index: number,
  label: string,
): PathAnswer {
  const why = `it cannot be told what a pattern of spec.${list} of ${label} matches`;
  return partial('PATTERN_NOT_UNDERSTOOD', why, NEAR, placeOf(alert, list, index, 'a simpler pattern'));
}

function placeOf(alert: Alert, list: 'inclusionList' | 'exclusionList', index: number, expected: string): Place {
  return {
    object: alert,
    pointer: `/spec/${list}/${index}`,
    observed: excerpt(alert.spec[list]?.[index] ?? '', 100),
    expected,
  };
}

/** The patterns of an Alert that Go refuses; undefined where the budget was spent before all were looked at. */
export function invalidPatterns({ spec }: Alert, budget: MatchBudget): readonly InvalidPattern[] | undefined {
  const found = (['inclusionList', 'exclusionList'] as const).flatMap((list) =>
    (spec[list] ?? []).slice(0, MAX_PATTERNS).flatMap((pattern, index) => {
      const compiled = compileWithin(pattern, budget);
      return compiled.state === 'invalid' ? [{ list, index, pattern, why: compiled.why }] : [];
    }),
  );
  return found.length === 0 && budget.left <= 0 ? undefined : found;
}
