import type { Fix } from '#libs/core';
import { excerpt } from '#libs/flux';
import { shellText } from '../git-sources/shell-text.js';
import type { TenantKeys } from './tenant-keys.js';

const MAX_FILES = 10;

/** The commands that give a tenant an age key of its own and encrypt its files anew. */
export function ownKeyFix({ tenant, items, secrets }: TenantKeys): Fix {
  const [namespace = '<namespace>'] = tenant.namespaces;
  const name = secrets[0]?.metadata.name ?? 'sops-age';
  const home = secrets[0]?.metadata.namespace ?? namespace;
  const key = shellText(`${tenant.name}.agekey`);
  const paths = [...new Set(items.map(({ file }) => file.path))];
  const folder =
    tenant.registration?.gitPaths?.[0]?.paths[0]?.replace(/^(?:\.?\/)+|\/+$/g, '') ?? `tenants/${tenant.name}`;
  const commands = paths
    .slice(0, MAX_FILES)
    .map((path) => `sops updatekeys --yes ${shellText(path)} && sops rotate --in-place ${shellText(path)}\n`);
  return {
    form: 'steps',
    title: `Give tenant ${excerpt(tenant.name)} a key of its own`,
    content:
      `age-keygen --output ${key}\n` +
      `kubectl --namespace ${shellText(home)} create secret generic ${shellText(name)} --from-file=age.agekey=${key} --dry-run=client --output yaml | kubectl apply --filename -\n` +
      `# .sops.yaml, before rules that match more:\n# creation_rules:\n#   - path_regex: ^${excerpt(folder)}/.*\n#     age: <the public key that age-keygen printed>\n` +
      `${commands.join('')}${paths.length > commands.length ? `# and ${paths.length - commands.length} more files\n` : ''}` +
      '# Then change the values: whoever could open the old files knows them.\n',
  };
}
