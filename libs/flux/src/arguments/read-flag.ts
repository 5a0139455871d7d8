import type { Component } from '../components.js';
import { excerpt } from '../excerpt.js';
import { defaultValue, flagsOf } from '../flags/flag-tables.js';
import type { ArgvItem, Undecidable } from './container-argv.js';
import type { EnvLookup } from './expand.js';
import type { FlagValue } from './flag-values.js';
import { type ArgumentsReading, unresolved } from './parse-arguments.js';

export type FlagReading =
  | {
      readonly state: 'value';
      readonly value: FlagValue;
      /** The argument that decides: the last occurrence. Absent = the default. */
      readonly item?: ArgvItem;
      /** The argument after it, where that is its value. */
      readonly valueItem?: ArgvItem;
    }
  | ({ readonly state: 'undecidable' } & Undecidable)
  | Extract<ArgumentsReading, { state: 'crash' }>;

/** The effective value of one flag. `env` is needed where a flag takes its default from the environment. */
export function readFlag(reading: ArgumentsReading, flag: string, env?: EnvLookup): FlagReading {
  if (reading.state !== 'parsed') return reading;
  const { line, component } = reading;
  const culprit = line.ambiguous.get(flag);
  if (culprit) {
    return {
      state: 'undecidable',
      code: 'AMBIGUOUS_UNKNOWN_FLAG',
      message: `"${excerpt(culprit.text)}" is a flag that this version of Plimsoll does not know: it may take the argument after it, --${flag}, as its value.`,
      pointer: culprit.pointer,
      missing: [],
    };
  }
  const setting = line.flags.get(flag);
  if (!setting) return { state: 'value', value: fallback(component, flag, env) };
  if (setting.value === undefined) {
    return unresolved(setting.gap ?? setting.flag);
  }
  const { value, flag: item, from } = setting;
  return { state: 'value', value, item, ...(from !== item && { valueItem: from }) };
}

function fallback(component: Component, flag: string, env: EnvLookup | undefined): FlagValue {
  const definition = flagsOf(component).get(flag);
  if (!definition) return '';
  const value = definition.env === undefined ? undefined : env?.(definition.env);
  return value?.state === 'known' && value.value !== '' ? value.value : defaultValue(definition);
}

/**
 * Operands that look like the flag without its dashes, such as `feature-gates=X=true`: somebody meant to set it, and
 * it has no effect.
 */
export function ignoredArguments(reading: ArgumentsReading, flag: string): readonly ArgvItem[] {
  if (reading.state !== 'parsed') return [];
  return reading.line.positional
    .filter(({ token: { text }, afterDashes }) => !afterDashes && (text === flag || text.startsWith(`${flag}=`)))
    .map(({ token }) => token);
}
