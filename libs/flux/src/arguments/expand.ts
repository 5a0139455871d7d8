import type { AccessRule } from '#libs/core';

/** Why a value is not known; `missing` = the permissions that would make it readable. */
export interface Unresolved {
  readonly why: string;
  readonly missing: readonly AccessRule[];
}

/** What is known about an environment variable. */
export type EnvValue =
  | { readonly state: 'known'; readonly value: string }
  /** Its value exists but is not ours to read, or could not be read. */
  | ({ readonly state: 'unresolved' } & Unresolved);

/** A process is given no longer text than this (Linux, MAX_ARG_STRLEN); it also keeps nested variables from growing. */
const LONGEST = 131_072;

/** Undefined = no such variable. */
export type EnvLookup = (name: string) => EnvValue | undefined;

/** A text in which some variables may have stayed unknown: known text and gaps alternate. */
export interface Expanded {
  /** Known text; each gap shows as its `$(NAME)`. */
  readonly text: string;
  /** How much of `text` lies before the first gap; its length where there is none. */
  readonly certain: number;
  readonly unresolved: readonly (Unresolved & { readonly name: string })[];
}

/**
 * Expands `$(NAME)` as Kubernetes does in `command`, `args` and `env[].value`
 * (https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/):
 * `$$` is an escaped `$`, an unknown name and an unclosed `$(` stay as they are, `$NAME` means nothing.
 */
export function expand(text: string, lookup: EnvLookup): Expanded {
  let out = '';
  let certain: number | undefined;
  let closes = true;
  const unresolved: (Unresolved & { name: string })[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '$' || at + 1 >= text.length) {
      out += text[at];
      continue;
    }
    const opens = closes && text[at + 1] === '(';
    const close = opens ? text.indexOf(')', at + 2) : -1;
    if (opens && close < 0) closes = false;
    if (close >= 0) {
      const name = text.slice(at + 2, close);
      const value = lookup(name);
      if (value?.state === 'unresolved') {
        certain ??= out.length;
        unresolved.push({ name, why: value.why, missing: value.missing });
      }
      out += value?.state === 'known' ? value.value : `$(${name})`;
      at = close;
      if (out.length > LONGEST) {
        unresolved.push({ name, why: 'with it the text is longer than a process can be given', missing: [] });
        return { text: out.slice(0, LONGEST), certain: 0, unresolved };
      }
    } else {
      out += text[at + 1] === '$' ? '$' : text.slice(at, at + 2);
      at += 1;
    }
  }
  return { text: out, certain: certain ?? out.length, unresolved };
}
