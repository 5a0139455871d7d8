import { LabelSelectorError, parseLabelSelector } from '#libs/core';
import type { Component } from '../components.js';
import { excerpt, withoutValue } from '../excerpt.js';
import { hasFlag } from '../flags/availability.js';
import { WORKLOAD_IDENTITY_GATE, gateDefault, hasGate, knowsGate } from '../flags/feature-gates.js';
import { flagsOf } from '../flags/flag-tables.js';
import type { Version } from '../versions/version.js';
import type { ArgvItem, Undecidable } from './container-argv.js';
import type { FlagType } from './flag-values.js';
import { type CrashCode, type ParsedLine, parseFlags } from './pflag.js';

/** What is known about the build whose arguments are parsed. */
export interface Build {
  readonly version?: Version;
  /** Its flags are exactly those of the flag table, so that an unknown flag stops it. */
  readonly exact: boolean;
}

/** pflag's errors, and those of the controller's own start-up. */
type StartCode = CrashCode | 'unknownGate' | 'gateOff' | 'badSelector';

export type ArgumentsReading =
  | { readonly state: 'parsed'; readonly line: ParsedLine<ArgvItem>; readonly component: Component }
  /** The process ends at start-up. */
  | { readonly state: 'crash'; readonly code: StartCode; readonly message: string; readonly item: ArgvItem }
  | ({ readonly state: 'undecidable' } & Undecidable);

/** What a controller makes of its arguments at start-up. */
export function parseArguments(
  component: Component,
  argv: readonly ArgvItem[] | Undecidable,
  build: Build = { exact: true },
): ArgumentsReading {
  if ('code' in argv) return { state: 'undecidable', ...argv };
  const parsed = parseFlags(argv, flagTypes(component, build.version), { tolerateUnknown: !build.exact });
  if (parsed.state === 'unknown') return unresolved(parsed.token);
  if (parsed.state === 'crash') {
    return { state: 'crash', code: parsed.code, item: parsed.token, message: sentence(parsed.code, parsed.token.text) };
  }
  return startUpProblem(component, parsed, build) ?? { state: 'parsed', line: parsed, component };
}

function flagTypes(component: Component, version: Version | undefined): ReadonlyMap<string, FlagType> {
  return new Map(
    [...flagsOf(component)].flatMap(([name, { type }]) => (hasFlag(name, component, version) ? [[name, type]] : [])),
  );
}

/** The answer for an argument that depends on a variable which could not be read. */
export function unresolved(item: ArgvItem): { readonly state: 'undecidable' } & Undecidable {
  const gap = item.unresolved[0];
  return {
    state: 'undecidable',
    code: 'UNRESOLVED_ENV',
    message: `The argument "${withoutValue(item.text)}" depends on $(${gap?.name ?? ''}): ${gap?.why ?? 'it is not known'}.`,
    pointer: item.pointer,
    missing: gap?.missing ?? [],
  };
}

const JITTER = 'interval-jitter-percentage';

/** What the controllers' `main` refuses after parsing; all of these exit with code 1. */
function startUpProblem(component: Component, line: ParsedLine<ArgvItem>, build: Build): ArgumentsReading | undefined {
  const crash = (flag: string, code: StartCode): ArgumentsReading | undefined => {
    const item = line.flags.get(flag)?.flag;
    return item && { state: 'crash', code, item, message: sentence(code, item.text) };
  };
  const gates = Object.keys(gatesOf(line) ?? {});
  if (build.exact && gates.some((gate) => knowsGate(gate, component) === false)) {
    return crash('feature-gates', 'unknownGate');
  }
  for (const flag of ['watch-label-selector', 'watch-configs-label-selector']) {
    const selector = line.flags.get(flag)?.value;
    if (typeof selector === 'string' && !isSelector(selector)) return crash(flag, 'badSelector');
  }
  const jitter = line.flags.get(JITTER)?.value;
  if (typeof jitter === 'bigint' && jitter >= 100n) return crash(JITTER, 'invalidValue');
  const identity = workloadIdentityFlags(component).find((flag) => {
    const value = line.flags.get(flag)?.value;
    return typeof value === 'string' && value !== '';
  });
  const gateIsOn = isGateOn(line, component, WORKLOAD_IDENTITY_GATE, build.version);
  return identity !== undefined && gateIsOn === false ? crash(identity, 'gateOff') : undefined;
}

function isSelector(text: string): boolean {
  try {
    parseLabelSelector(text);
    return true;
  } catch (error) {
    if (error instanceof LabelSelectorError) return false;
    throw error;
  }
}

/** Defaults for workload identity, which need the gate `ObjectLevelWorkloadIdentity`. */
export function workloadIdentityFlags(component: Component): readonly string[] {
  switch (component) {
    case 'kustomize-controller':
      return ['default-decryption-service-account', 'default-kubeconfig-service-account'];
    case 'helm-controller':
      return ['default-kubeconfig-service-account'];
    case 'source-watcher':
      return [];
    default:
      return ['default-service-account'];
  }
}

/** The gates that are given; undefined where a variable hides them. */
function gatesOf(line: ParsedLine<ArgvItem>): Readonly<Record<string, boolean>> | undefined {
  const setting = line.flags.get('feature-gates');
  if (!setting) return {};
  return typeof setting.value === 'object' && !Array.isArray(setting.value)
    ? (setting.value as Readonly<Record<string, boolean>>)
    : undefined;
}

/** Whether a feature gate is on; undefined where the arguments do not tell. */
function isGateOn(
  line: ParsedLine<ArgvItem>,
  component: Component,
  gate: string,
  version: Version | undefined,
): boolean | undefined {
  if (line.ambiguous.has('feature-gates')) return undefined;
  const gates = gatesOf(line);
  if (!gates) return undefined;
  return gates[gate] ?? (hasGate(gate, component, version) && gateDefault(gate, component));
}

/** Where anything may stand in the value, the flag alone is named: what was mistyped may be a password. */
const SENTENCES: Record<StartCode, (flag: string, argument: string) => string> = {
  badSyntax: (flag) => `"${flag}" is not a flag`,
  unknownFlag: (flag, argument) =>
    /\s/.test(argument)
      ? `"${flag} …" is one argument, so the controller takes all of it for the name of a flag; write the flag and its value with "=" or as two list items`
      : `"${flag}" is not a flag of this controller`,
  unknownShorthand: (flag) => `"${flag}" starts with a single dash, and the controllers have no short flags`,
  valueRequired: (flag) => `"${flag}" needs a value`,
  invalidValue: (flag) => `"${flag}" has a value that the controller does not accept`,
  help: (flag) => `"${flag}" prints the usage and exits`,
  unknownGate: (_, argument) => `"${argument}" names a feature gate that this controller does not have`,
  gateOff: (_, argument) => `"${argument}" needs --feature-gates=${WORKLOAD_IDENTITY_GATE}=true`,
  badSelector: (_, argument) => `"${argument}" gives a label selector that cannot be parsed`,
};

function sentence(code: StartCode, argument: string): string {
  return `${SENTENCES[code](withoutValue(argument), excerpt(argument))}; the controller exits at start-up.`;
}
