import type { AccessRule, Container } from '#libs/core';
import { basename, type Component } from '../components.js';
import { excerpt } from '../excerpt.js';
import { type EnvLookup, type Expanded, expand } from './expand.js';

/** One argument of the controller, and where it is written. */
export interface ArgvItem extends Expanded {
  /** JSON pointer below the container: `/args/3` or `/command/2`. */
  readonly pointer: string;
}

/** Why the arguments of a container cannot be told. */
type UndecidableCode = 'SHELL_WRAPPER' | 'UNKNOWN_COMMAND' | 'UNRESOLVED_ENV' | 'AMBIGUOUS_UNKNOWN_FLAG';

export interface Undecidable {
  readonly code: UndecidableCode;
  readonly message: string;
  /** JSON pointer below the container. */
  readonly pointer: string;
  readonly missing: readonly AccessRule[];
}

const SHELLS = new Set(['sh', 'bash', 'ash', 'dash', 'busybox', 'zsh']);
/** One command without expansions, quotes, redirections or separators: a shell passes its words on unchanged. */
const PLAIN_SCRIPT = /^[\w\s./:=,@%+-]+$/;

/**
 * The arguments that the controller process gets: `args`, where the image's entrypoint runs it, or what follows its
 * name in `command` and `args`, such as `["/sbin/tini", "--", "kustomize-controller"]`.
 * A shell is decidable only where its script is one plain command.
 */
export function containerArgv(
  container: Container,
  component: Component,
  env: EnvLookup,
): readonly ArgvItem[] | Undecidable {
  const items = [...itemsOf('/command', container.command, env), ...itemsOf('/args', container.args, env)];
  if (!container.command?.length) return items;
  const shell = items.findIndex(({ text }) => SHELLS.has(basename(text)));
  const program = items.findIndex((item) => runs(item, component));
  if (program >= 0 && (shell < 0 || program < shell)) return items.slice(program + 1);
  if (shell < 0) {
    return undecidable(
      'UNKNOWN_COMMAND',
      '/command',
      `The command "${excerpt(items[0]?.text ?? '')}" is not ${component}.`,
    );
  }
  return shellArgv(items.slice(shell + 1), component);
}

function itemsOf(field: string, values: readonly string[] | undefined, env: EnvLookup): ArgvItem[] {
  return (values ?? []).map((value, index) => ({ ...expand(value, env), pointer: `${field}/${index}` }));
}

function runs(item: ArgvItem, component: Component): boolean {
  return item.unresolved.length === 0 && basename(item.text) === component;
}

function shellArgv(rest: readonly ArgvItem[], component: Component): readonly ArgvItem[] | Undecidable {
  const [option, script] = rest;
  const pointer = script?.pointer ?? '/command';
  const wrapped = undecidable(
    'SHELL_WRAPPER',
    pointer,
    `A shell script starts ${component}, and what it passes on cannot be told from here.`,
  );
  if (!option || !/^-[a-z]*c$/.test(option.text) || !script) return wrapped;
  if (script.unresolved.length > 0 || !PLAIN_SCRIPT.test(script.text.trim()) || /\n/.test(script.text.trim())) {
    return wrapped;
  }
  const words = script.text.trim().split(/\s+/);
  const at = words.findIndex((word) => basename(word) === component);
  // Before it only wrappers that end by running it: `exec`, an init, and their `--`.
  const wrappers = words.slice(0, at).every((word) => /^(exec|--|tini|dumb-init|catatonit)$/.test(basename(word)));
  if (at < 0 || !wrappers) return wrapped;
  return words.slice(at + 1).map((text) => ({ text, certain: text.length, unresolved: [], pointer: script.pointer }));
}

function undecidable(code: UndecidableCode, pointer: string, message: string): Undecidable {
  return { code, message, pointer, missing: [] };
}
