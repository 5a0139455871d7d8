import type { ResourceRequest } from '#libs/rbac';

const SOURCE = 'source.toolkit.fluxcd.io';

/** Writing objects that the controllers apply, in a namespace where Flux runs. */
export function fluxWrites(namespace: string): readonly ResourceRequest[] {
  return [
    { group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations', namespace },
    { group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases', namespace },
  ].flatMap((kind) => ['create', 'patch', 'update'].map((verb) => ({ verb, ...kind })));
}

/** What gives power over Flux in a namespace where it runs: its Secrets, its pods, its accounts and its sources. */
export function fluxNamespaceRequests(namespace: string): readonly ResourceRequest[] {
  return [
    ...['get', 'list', 'patch', 'deletecollection'].map((verb) => ({ verb, resource: 'secrets', namespace })),
    { verb: 'create', resource: 'pods', namespace },
    { verb: 'create', resource: 'pods', subresource: 'exec', namespace },
    { verb: 'create', resource: 'serviceaccounts', subresource: 'token', namespace },
    ...['patch', 'update'].map((verb) => ({ verb, group: 'apps', resource: 'deployments', namespace })),
    ...fluxWrites(namespace),
    ...['gitrepositories', 'ocirepositories', 'buckets', 'helmrepositories'].map((resource) => ({
      verb: 'patch',
      group: SOURCE,
      resource,
      namespace,
    })),
  ];
}
