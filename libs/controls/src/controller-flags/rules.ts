import { removeArgumentFixes, readFlag, setArgumentFixes, type Preset } from '#libs/flux';
import { type FlagRule, unsupported } from './flag-rule.js';

/** The flag may be absent, and must not be true. */
export function mustBeOff(flag: string, rule: Pick<FlagRule, 'advice' | 'tooOld'>): FlagRule {
  return {
    ...rule,
    flag,
    expected: 'absent, or false',
    pass: { reason: 'FLAG_OFF', what: `runs without --${flag}` },
    judge: (value) => (value === true ? { reason: 'FLAG_TRUE', what: `runs with --${flag} on` } : undefined),
    fixes: (target) => {
      const { template } = target.instance;
      const reading = template && readFlag(template.arguments, flag, template.env);
      const item = reading?.state === 'value' && reading.value === true ? reading.item : undefined;
      return removeArgumentFixes(target, flag, item);
    },
  };
}

/** The flag must be there and true. */
export function mustBeOn(
  flag: string,
  rule: Pick<FlagRule, 'advice'> & Partial<Pick<FlagRule, 'severity'>> & { readonly preset?: Preset },
): FlagRule {
  const { preset, ...others } = rule;
  return {
    ...others,
    flag,
    expected: 'true',
    pass: { reason: 'FLAG_SET', what: `runs with --${flag}=true` },
    judge: (value, given) => {
      if (value === true) return undefined;
      return given
        ? { reason: 'FLAG_FALSE', what: `runs with --${flag} off` }
        : { reason: 'FLAG_ABSENT', what: `runs without --${flag}=true` };
    },
    tooOld: unsupported(flag),
    fixes: (target) => setArgumentFixes(target, `--${flag}=true`, preset),
  };
}

/** The flag must name something; `judgeName` may refuse a name or warn about it. */
export function mustName(
  flag: string,
  rule: Pick<FlagRule, 'advice'> &
    Partial<Pick<FlagRule, 'severity' | 'tooOld'>> & {
      readonly value: string;
      readonly preset?: Preset;
      readonly judgeName?: (name: string) => ReturnType<FlagRule['judge']>;
    },
): FlagRule {
  const { preset, value: suggestion, judgeName, ...others } = rule;
  return {
    tooOld: unsupported(flag),
    ...others,
    flag,
    expected: `the name of a service account, such as ${suggestion}`,
    pass: { reason: 'FLAG_SET', what: `runs with --${flag}` },
    judge: (value, given) => {
      if (typeof value === 'string' && value !== '') return judgeName?.(value);
      return given
        ? { reason: 'FLAG_EMPTY', what: `runs with an empty --${flag}` }
        : { reason: 'FLAG_ABSENT', what: `runs without --${flag}` };
    },
    fixes: (target) => setArgumentFixes(target, `--${flag}=${suggestion}`, preset),
  };
}
