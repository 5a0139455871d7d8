import type { AccessRule } from '#libs/core';

const quoted = (words: Iterable<string>): string => `[${[...words].map((word) => JSON.stringify(word)).join(', ')}]`;

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups];
}

/**
 * The rules to add to the auditor's ClusterRole (or, where they name a namespace, to a Role there), as YAML to paste.
 * Rules of one API group with the same verbs become one entry.
 */
export function rulesAsYaml(rules: readonly AccessRule[]): string {
  return groupBy(rules, ({ namespace }) => namespace ?? '')
    .map(([namespace, members]) => {
      const title = namespace === '' ? '' : `# in a Role in namespace ${namespace}\n`;
      return title + entries(members).join('\n');
    })
    .join('\n');
}

function entries(rules: readonly AccessRule[]): readonly string[] {
  const grants = groupBy(rules, ({ group, resource, name }) => JSON.stringify([group, resource, name ?? ''])).flatMap(
    ([, same]) => same.slice(0, 1).map((rule) => ({ ...rule, verbs: quoted(new Set(same.map(({ verb }) => verb))) })),
  );
  return groupBy(grants, ({ verbs, group, name }) => JSON.stringify([verbs, group, name ?? ''])).flatMap(([, same]) =>
    same.slice(0, 1).map(({ group, name, verbs }) => {
      const resources = quoted(same.map(({ resource }) => resource));
      const names = name === undefined ? '' : `\n  resourceNames: ${quoted([name])}`;
      return `- apiGroups: ${quoted([group])}\n  resources: ${resources}\n  verbs: ${verbs}${names}`;
    }),
  );
}
