import type { Artifacts, KubernetesObject } from '#libs/core';
import type { ControllerInstance } from '#libs/flux';
import type { ResourceRequest } from '#libs/rbac';
import type { TenantModel } from '../tenants/tenant-model.js';
import { type AccessObject, creates, revokes, revokesNamespace } from './access-object.js';
import { engineObjects, resourceOf } from './policy-engine-objects.js';

const ADMISSION = 'admissionregistration.k8s.io';

export interface SharedSources {
  readonly model: TenantModel;
  readonly discovery: Artifacts['discovery'];
  readonly webhookConfigurations: Artifacts['webhookConfigurations'];
  readonly admissionPolicies: Artifacts['admissionPolicies'];
  readonly enginePolicies: Artifacts['enginePolicies'];
  readonly kustomizations: Artifacts['kustomizations'];
  readonly instances: readonly ControllerInstance[];
  /** Namespaces of the platform's service accounts. */
  readonly homes: readonly string[];
  /** `kube-system/aws-auth` exists, or may. */
  readonly awsAuth: boolean;
}

/** What every access rests on, whoever it is of: authentication, admission, the API itself, and Flux in the cluster. */
export function sharedObjects(sources: SharedSources): readonly AccessObject[] {
  return [...authentication(sources), ...admission(sources), ...api(sources), ...fluxObjects(sources)];
}

/** Resources by which people and their groups are known, in distributions that keep that in the API. */
const IDENTITIES: readonly (readonly [group: string, resource: string, kind: string])[] = [
  ['config.openshift.io', 'oauths', 'OAuth'],
  ['user.openshift.io', 'identities', 'Identity'],
  ['user.openshift.io', 'users', 'User'],
  ['user.openshift.io', 'groups', 'Group'],
  ['management.cattle.io', 'clusterroletemplatebindings', 'ClusterRoleTemplateBinding'],
];

function authentication({ awsAuth, discovery }: SharedSources): readonly AccessObject[] {
  const served = new Set(
    discovery.resources.map((resource) => `${resource.split('/')[0] ?? ''}/${resource.split('/')[2] ?? ''}`),
  );
  const maps = [...(awsAuth ? ['aws-auth'] : []), 'extension-apiserver-authentication'];
  return [
    ...maps.map((name): AccessObject => ({
      class: 'A5',
      kind: 'ConfigMap',
      name: `kube-system/${name}`,
      requests: revokes({ group: '', resource: 'configmaps', namespace: 'kube-system', name }),
      beyondAdmission: true,
    })),
    ...IDENTITIES.filter(([group, resource]) => served.has(`${group}/${resource}`)).map(
      ([group, resource, kind]): AccessObject => ({
        class: 'A5',
        kind,
        requests: revokes({ group, resource }),
        beyondAdmission: true,
      }),
    ),
  ];
}

/** Webhooks see no admission configuration; policies see webhook configurations, and not themselves. */
const ADMISSION_KINDS: readonly (readonly [kind: string, resource: string, beyond: boolean])[] = [
  ['ValidatingAdmissionPolicy', 'validatingadmissionpolicies', true],
  ['ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings', true],
  ['MutatingAdmissionPolicy', 'mutatingadmissionpolicies', true],
  ['MutatingAdmissionPolicyBinding', 'mutatingadmissionpolicybindings', true],
  ['ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', false],
  ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', false],
];

function admission(sources: SharedSources): readonly AccessObject[] {
  const { webhookConfigurations, admissionPolicies } = sources;
  const existing: readonly KubernetesObject[] = [...webhookConfigurations, ...admissionPolicies];
  return [
    ...ADMISSION_KINDS.flatMap(([kind, resource, beyondAdmission]): readonly AccessObject[] => {
      const target = { group: ADMISSION, resource };
      const all = { class: 'A6', kind, beyondAdmission } as const;
      return [
        { ...all, requests: [creates(target), ...revokes(target), { verb: 'deletecollection', ...target }] },
        ...existing
          .filter((object) => object.kind === kind)
          .map((object) => ({
            ...all,
            name: object.metadata.name,
            object,
            requests: revokes({ ...target, name: object.metadata.name }),
          })),
      ];
    }),
    ...parameters(sources),
    ...engineObjects(sources),
  ];
}

/**
 * Objects that tell an admission policy whom and what to refuse.
 * https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#parameter-resources
 */
function parameters({ admissionPolicies }: SharedSources): readonly AccessObject[] {
  const kinds = new Map(
    admissionPolicies.flatMap(({ metadata, spec }) =>
      'paramKind' in spec && spec.paramKind ? [[metadata.name, spec.paramKind] as const] : [],
    ),
  );
  return admissionPolicies.flatMap(({ spec }): readonly AccessObject[] => {
    const kind = 'policyName' in spec ? kinds.get(spec.policyName) : undefined;
    if (kind === undefined || !('paramRef' in spec)) return [];
    const { name, namespace } = spec.paramRef ?? {};
    const target = {
      ...resourceOf(kind),
      ...(typeof namespace === 'string' && { namespace }),
      ...(typeof name === 'string' && { name }),
    };
    return [
      {
        class: 'A6',
        kind: `${kind.kind} (parameter)`,
        ...(typeof name === 'string' && { name: typeof namespace === 'string' ? `${namespace}/${name}` : name }),
        requests: revokes(target),
        beyondAdmission: false,
      },
    ];
  });
}

const FLUX_DEFINITIONS = [
  'kustomizations.kustomize.toolkit.fluxcd.io',
  'helmreleases.helm.toolkit.fluxcd.io',
  'gitrepositories.source.toolkit.fluxcd.io',
  'ocirepositories.source.toolkit.fluxcd.io',
  'helmrepositories.source.toolkit.fluxcd.io',
  'helmcharts.source.toolkit.fluxcd.io',
  'buckets.source.toolkit.fluxcd.io',
];

function api({ model, instances, homes }: SharedSources): readonly AccessObject[] {
  const write = (group: string, resource: string): readonly ResourceRequest[] => [
    creates({ group, resource }),
    ...revokes({ group, resource }),
    { verb: 'deletecollection', group, resource },
  ];
  const kind = (name: string, requests: readonly ResourceRequest[], beyondAdmission: boolean): AccessObject => ({
    class: 'A7',
    kind: name,
    requests,
    beyondAdmission,
  });
  const definitions = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' };
  return [
    kind('APIService', write('apiregistration.k8s.io', 'apiservices'), true),
    kind('FlowSchema', write('flowcontrol.apiserver.k8s.io', 'flowschemas'), true),
    kind('PriorityLevelConfiguration', write('flowcontrol.apiserver.k8s.io', 'prioritylevelconfigurations'), true),
    kind('CustomResourceDefinition', [...revokes(definitions), { verb: 'deletecollection', ...definitions }], false),
    ...(instances.length === 0 ? [] : FLUX_DEFINITIONS).map((name): AccessObject => ({
      ...kind('CustomResourceDefinition', revokes({ ...definitions, name }), false),
      name,
    })),
    kind('Node', [{ verb: 'delete', group: '', resource: 'nodes' }], false),
    ...[...new Set([...model.fluxNamespaces, ...homes])].map((namespace): AccessObject => ({
      ...kind('ResourceQuota', [creates({ group: '', resource: 'resourcequotas', namespace })], false),
      name: `${namespace}/*`,
    })),
  ];
}

function fluxObjects({ model, instances, kustomizations }: SharedSources): readonly AccessObject[] {
  const object = (kind: string, name: string, requests: readonly ResourceRequest[]): AccessObject => ({
    class: 'A8',
    kind,
    name,
    requests,
    beyondAdmission: false,
  });
  const deployments = new Map(
    instances
      .filter(({ owner }) => owner.kind === 'Deployment')
      .map(({ namespace, owner }) => [`${namespace}/${owner.name}`, { namespace, name: owner.name }]),
  );
  return [
    ...model.fluxNamespaces.map((namespace) => object('Namespace', namespace, revokesNamespace(namespace))),
    ...[...deployments].map(([name, target]) =>
      object('Deployment', name, revokes({ group: 'apps', resource: 'deployments', ...target }, 'scale')),
    ),
    ...model.fluxNamespaces.map((namespace) =>
      object('NetworkPolicy', `${namespace}/*`, [
        creates({ group: 'networking.k8s.io', resource: 'networkpolicies', namespace }),
        ...revokes({ group: 'networking.k8s.io', resource: 'networkpolicies', namespace }),
      ]),
    ),
    ...kustomizations
      .filter(({ metadata }) => metadata.namespace !== undefined && !model.tenantOf(metadata.namespace))
      .map((each) => {
        const { namespace = '', name } = each.metadata;
        const target = { group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations', namespace, name };
        return { ...object('Kustomization', `${namespace}/${name}`, revokes(target)), object: each };
      }),
  ];
}
