import { type GitFile, type Observation, warn } from '#libs/core';
import { excerpt } from '#libs/flux';
import { type TreeIndex, folderOf, join, resolvePath } from '../git-sources/tree-index.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import { gitFileReference } from './secrets-in-build.js';
import { firstMatch } from './path-pattern.js';
import type { TenantKeys } from './tenant-keys.js';

const SHOWN = 3;
/** Enough to see which rules are a tenant's. */
const MAX_PATHS = 20;

/** Rules of `.sops.yaml` files that several tenants' files fall under: the next file will be for the same keys. */
export function judgeCreationRules(
  trees: readonly TreeIndex[],
  all: readonly TenantKeys[],
  model: TenantModel,
): readonly Observation[] {
  return trees.flatMap((tree) =>
    tree.tree.files.flatMap((file) =>
      file.creationRules ? judgeFile(tree, file, file.creationRules, all, model) : [],
    ),
  );
}

function judgeFile(
  tree: TreeIndex,
  file: GitFile,
  rules: NonNullable<GitFile['creationRules']>,
  all: readonly TenantKeys[],
  model: TenantModel,
): readonly Observation[] {
  const folder = folderOf(file.path);
  const prefix = folder === '' ? '' : `${folder}/`;
  const users = new Map<number, Set<Tenant>>();
  for (const { tenant, items } of all) {
    for (const path of pathsOf(tenant, items, tree)) {
      if (!path.startsWith(prefix)) continue;
      const rule = firstMatch(rules, path.slice(prefix.length));
      if (rule !== undefined) users.set(rule, (users.get(rule) ?? new Set()).add(tenant));
    }
  }
  return [...users].flatMap(([index, tenants]) => {
    if (tenants.size < 2 || [...tenants].every(({ isolation }) => isolation === 'low')) return [];
    const names = [...tenants].slice(0, SHOWN).map(({ name }) => excerpt(name));
    const more = tenants.size > SHOWN ? ` and ${tenants.size - SHOWN} more` : '';
    const pattern = rules[index]?.pathRegex ?? '';
    return [
      warn(
        { kind: 'GitFile', namespace: tree.tree.url, name: file.path, field: `rule ${index + 1}` },
        'CATCH_ALL_RULE',
        `Rule ${index + 1} of ${excerpt(file.path)} (${pattern === '' ? 'without path_regex' : excerpt(pattern)}) holds for files of several tenants: ${names.join(', ')}${more}. ` +
          'What they encrypt next will be for the same keys. ' +
          'Put a rule for the path of each tenant before it.',
        {
          severity: 'medium',
          confidence: model.confidence === 'heuristic' ? 'heuristic' : 'derived',
          evidence: [
            {
              object: gitFileReference(file),
              pointer: `/creationRules/${index}`,
              observed: { pathRegex: excerpt(pattern) },
              expected: 'a path_regex for the files of one tenant',
            },
          ],
        },
      ),
    ];
  });
}

/** Some encrypted files of a tenant in a tree, and files that it could write there. */
function pathsOf({ registration }: Tenant, items: TenantKeys['items'], tree: TreeIndex): readonly string[] {
  const declared = (registration?.gitPaths ?? [])
    .flatMap(({ paths }) => paths.map((path) => resolvePath('', path)))
    .filter((path) => path !== undefined && tree.isFolder(path))
    .map((path) => join(path ?? '', 'secret.yaml'));
  const own = items.filter(({ file }) => tree.fileAt(file.path) === file).map(({ file }) => file.path);
  return [...declared, ...own].slice(0, MAX_PATHS);
}
