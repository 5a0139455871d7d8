import type { TopologyRow } from '#libs/persistence';

/** What stands for several things in a graph: by the text after the colon. `none`: everything stands for itself. */
export type Collapse =
  | { readonly by: 'none' }
  | { readonly by: 'namespace' }
  | { readonly by: 'label'; readonly key: string };

/** A key with the words that people read. Equal keys are one node. */
export interface Naming {
  readonly key: string;
  readonly label: string;
}

/** Reads `namespace` or `label:<key>`, as the schema of the query has checked it. */
export function collapseOf(text: string | undefined): Collapse {
  if (text === undefined) return { by: 'none' };
  return text === 'namespace' ? { by: 'namespace' } : { by: 'label', key: text.slice('label:'.length) };
}

export function collapseText(collapse: Collapse): string | null {
  if (collapse.by === 'none') return null;
  return collapse.by === 'namespace' ? 'namespace' : `label:${collapse.key}`;
}

const WITHOUT_LABEL = '(no label)';

/** The cluster, or the group of clusters, that an object is applied to. */
export function targetNaming(row: TopologyRow, collapse: Collapse): Naming {
  const { targetClusterId, targetClusterName, targetAddress, targetState, targetLabels } = row;
  if (collapse.by === 'label' && targetState !== 'self') {
    const value = targetClusterId === null ? undefined : targetLabels[collapse.key];
    if (targetClusterId === null) return { key: `group/${targetState}`, label: `(${targetState})` };
    return value === undefined
      ? { key: 'group/unlabelled', label: WITHOUT_LABEL }
      : { key: `group/=${value}`, label: value };
  }
  if (targetClusterId !== null) return { key: `cluster/${targetClusterId}`, label: targetClusterName ?? '' };
  return { key: `target/${targetState}/${targetAddress ?? ''}`, label: targetAddress ?? `(${targetState})` };
}

export function objectNaming(row: TopologyRow, collapse: Collapse): Naming {
  const { clusterId, namespace, kind, name, id } = row;
  if (collapse.by === 'none') return { key: `object/${id}`, label: `${kind} ${namespace}/${name}` };
  const target = collapse.by === 'label' ? `/${targetNaming(row, collapse).key}` : '';
  return { key: `objects/${clusterId}/${namespace}${target}`, label: namespace };
}

/** Undefined where the object names neither Secret nor ConfigMap. */
export function credentialNaming(row: TopologyRow, collapse: Collapse): Naming | undefined {
  const { source, method, provider } = row.auth;
  if (!source) return undefined;
  const { kind, namespace, name, key = '' } = source;
  if (collapse.by === 'none') {
    return {
      key: `credential/${row.clusterId}/${kind}/${namespace}/${name}/${key}`,
      label: `${kind} ${namespace}/${name}`,
    };
  }
  const group = collapse.by === 'namespace' ? namespace : targetNaming(row, collapse).key;
  const what = provider === undefined ? method : `${method} (${provider})`;
  return { key: `credentials/${row.clusterId}/${group}/${what}`, label: what };
}

/** The same name on different targets is not the same identity. */
export function identityNaming(row: TopologyRow, collapse: Collapse): Naming {
  const { kind, name } = row.identity;
  const target = targetNaming(row, collapse).key;
  return { key: `identity/${target}/${kind}/${name ?? ''}`, label: name ?? '(not known)' };
}
