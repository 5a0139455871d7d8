import { type Fix, type Registration, nameList } from '#libs/core';
import { AUTHENTICATED, type Identity, MASTERS, accountOf } from '#libs/rbac';
import { principalsOf } from '../tenants/tenant-model.js';
import type { AccessObject } from './access-object.js';
import type { PlatformPrincipal } from './platform-principals.js';

/** Objects that carry it are protected by the policy below. */
const LABEL = 'plimsoll/protected';

/** What Kubernetes itself must be able to change: owners, namespaces that end, and aggregated roles. */
const CONTROLLERS = [
  'system:kube-controller-manager',
  'system:serviceaccount:kube-system:namespace-controller',
  'system:serviceaccount:kube-system:generic-garbage-collector',
  'system:serviceaccount:kube-system:clusterrole-aggregation-controller',
];

/** A list longer than this is the reader's to complete. */
const MAX_NAMES = 40;
const MAX_COMMANDS = 20;

/** A string of CEL, which can hold whatever a name holds: https://github.com/google/cel-spec/blob/master/doc/langdef.md#string-and-bytes-values */
function celString(text: string): string {
  const escaped = text.replaceAll(/[^\w .:@/=+,-]/gu, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return point > 0xffff ? `\\U${point.toString(16).padStart(8, '0')}` : `\\u${point.toString(16).padStart(4, '0')}`;
  });
  return `'${escaped}'`;
}

const celList = (texts: Iterable<string>): string => `[${[...new Set(texts)].map(celString).join(', ')}]`;

/**
 * A ValidatingAdmissionPolicy that refuses changes of labelled objects to everybody but the platform, the break-glass
 * principals and Kubernetes itself, and the commands that label the objects in question.
 * https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function protectingPolicy(
  registration: Registration,
  platform: readonly PlatformPrincipal[],
  objects: readonly AccessObject[],
): readonly Fix[] {
  const exempt = [
    ...platform.map(({ identity }) => identity),
    ...(registration.breakGlass ?? []).flatMap(({ principals }) => principalsOf(principals)),
  ];
  return [
    { form: 'manifest', title: 'Refuse changes of protected objects at admission', content: manifest(exempt) },
    { form: 'steps', title: 'Label what the policy protects', content: commands(objects) },
  ];
}

function manifest(exempt: readonly Identity[]): string {
  const groups = exempt.filter(({ user }) => user === '').flatMap(({ groups: all }) => all);
  const named = groups.filter((group) => group !== AUTHENTICATED).slice(0, MAX_NAMES);
  const users = exempt.flatMap(({ user }) => (user === '' ? [] : [user])).slice(0, MAX_NAMES);
  return `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: protect-platform-access
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - apiGroups: [rbac.authorization.k8s.io]
        apiVersions: ['*']
        operations: [UPDATE, DELETE]
        resources: [clusterroles, clusterrolebindings, roles, rolebindings]
      - apiGroups: ['']
        apiVersions: [v1]
        operations: [UPDATE, DELETE]
        resources: [serviceaccounts, secrets, configmaps, namespaces, namespaces/status, namespaces/finalize]
      - apiGroups: [admissionregistration.k8s.io]
        apiVersions: ['*']
        operations: [UPDATE, DELETE]
        resources: [validatingwebhookconfigurations, mutatingwebhookconfigurations]
      - apiGroups: [kustomize.toolkit.fluxcd.io, apps]
        apiVersions: ['*']
        operations: [UPDATE, DELETE]
        resources: [kustomizations, deployments]
  variables:
    - name: isPlatform
      expression: >-
        request.userInfo.groups.exists(g, g in ${celList([MASTERS, ...named])}) ||
        request.userInfo.username in ${celList([...users, ...CONTROLLERS])}
  validations:
    - expression: >-
        variables.isPlatform || !has(oldObject.metadata.labels) ||
        !('${LABEL}' in oldObject.metadata.labels)
      message: protected platform access object
      reason: Forbidden
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: protect-platform-access
spec:
  policyName: protect-platform-access
  validationActions: [Deny]
`;
}

const LABELLED: ReadonlySet<string> = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'ServiceAccount',
  'Namespace',
  'ConfigMap',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'Kustomization',
  'Deployment',
]);

/** Names of the API need no quoting beyond the colon, which shells leave alone. */
const PLAIN = /^[\w.:@-]+$/;

function commands(objects: readonly AccessObject[]): string {
  const named = objects.filter(
    ({ kind, name }) => LABELLED.has(kind) && name !== undefined && name.split('/').every((part) => PLAIN.test(part)),
  );
  // A Namespace without the label takes the labelled objects in it along.
  const homes = named.flatMap(({ name = '' }) => (name.includes('/') ? [name.split('/')[0] ?? ''] : []));
  const lines = new Set([
    ...homes.map((namespace) => `kubectl label namespace ${namespace} ${LABEL}=true`),
    ...named.map(({ kind, name = '' }) => {
      const [first = '', second] = name.split('/');
      const where = second === undefined ? first : `${second} --namespace ${first}`;
      return `kubectl label ${kind.toLowerCase()} ${where} ${LABEL}=true`;
    }),
  ]);
  const more = lines.size - MAX_COMMANDS;
  return [
    '# Better: set the label in Git, where these objects come from.',
    ...[...lines].slice(0, MAX_COMMANDS),
    ...(more > 0 ? [`# and ${more} more: ${nameList(named.flatMap(({ name }) => name ?? []))}`] : []),
  ].join('\n');
}

/** The user or group as a subject of a binding, in the flow style of YAML. */
export function subjectText({ user, groups }: Identity): string {
  const account = accountOf(user);
  if (account) return `{kind: ServiceAccount, namespace: ${account.namespace}, name: ${account.name}}`;
  const [kind, name] = user === '' ? ['Group', groups.find((group) => group !== AUTHENTICATED) ?? ''] : ['User', user];
  return `{kind: ${kind}, apiGroup: rbac.authorization.k8s.io, name: ${JSON.stringify(name)}}`;
}
