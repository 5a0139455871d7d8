import { describe, expect, it } from 'vitest';
import { askAdmission, kyvernoText, nativeText } from '../../../test/support/admission-question.js';
import { type Demand, keepsPodsFrom, namesRuntimeClass, staysOffNodes } from './demands.js';

describe('pods', () => {
  const POD = '{ any: [{ resources: { kinds: [Pod] } }] }';
  const containers = (inner: string) =>
    `validate: { pattern: { spec: { '=(ephemeralContainers)': [${inner}], '=(initContainers)': [${inner}], containers: [${inner}] } } }`;
  const UNPRIVILEGED = `{ '=(securityContext)': { '=(privileged)': 'false' } }`;
  const gatekeeper = (constraint: string, failurePolicy = 'Fail') => `
  apiVersion: admissionregistration.k8s.io/v1
  kind: ValidatingWebhookConfiguration
  metadata: { name: gatekeeper-validating-webhook-configuration }
  webhooks:
    - name: validation.gatekeeper.sh
      failurePolicy: ${failurePolicy}
      namespaceSelector: { matchExpressions: [{ key: admission.gatekeeper.sh/ignore, operator: DoesNotExist }] }
      rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE, UPDATE], resources: ['*'] }]
  ---
  ${constraint}`;
  const constraint = (spec: string, kind = 'K8sPSPPrivilegedContainer') =>
    `{ apiVersion: constraints.gatekeeper.sh/v1beta1, kind: ${kind}, metadata: { name: psp }, spec: ${spec} }`;
  const pods = "{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }";
  it.each<[string, string, Demand, string]>([
    [
      'privileged: Kyverno looks at all lists',
      kyvernoText({ match: POD, rule: containers(UNPRIVILEGED) }),
      keepsPodsFrom('privileged'),
      'enforced',
    ],
    [
      'privileged: Kyverno looks at one list',
      kyvernoText({ match: POD, rule: `validate: { pattern: { spec: { containers: [${UNPRIVILEGED}] } } }` }),
      keepsPodsFrom('privileged'),
      'partly',
    ],
    [
      'privileged: Kyverno, level baseline',
      kyvernoText({ match: POD, rule: 'validate: { podSecurity: { level: baseline, version: latest } }' }),
      keepsPodsFrom('privileged'),
      'enforced',
    ],
    [
      'hostPath: Kyverno, level restricted',
      kyvernoText({ match: POD, rule: 'validate: { podSecurity: { level: restricted } }' }),
      keepsPodsFrom('hostPath'),
      'enforced',
    ],
    [
      'privileged: Kyverno, a level with exclusions',
      kyvernoText({
        match: POD,
        rule: 'validate: { podSecurity: { level: baseline, exclude: [{ controlName: Capabilities }] } }',
      }),
      keepsPodsFrom('privileged'),
      'notUnderstood',
    ],
    [
      'hostPID: Kyverno',
      kyvernoText({
        match: POD,
        rule: `validate: { pattern: { spec: { '=(hostPID)': 'false', '=(hostIPC)': 'false' } } }`,
      }),
      keepsPodsFrom('hostPID'),
      'enforced',
    ],
    [
      'hostNetwork: Kyverno looks at others',
      kyvernoText({ match: POD, rule: `validate: { pattern: { spec: { '=(hostPID)': 'false' } } }` }),
      keepsPodsFrom('hostNetwork'),
      'nothing',
    ],
    [
      'hostPath: Kyverno',
      kyvernoText({
        match: POD,
        rule: `validate: { pattern: { spec: { '=(volumes)': [{ 'X(hostPath)': 'null' }] } } }`,
      }),
      keepsPodsFrom('hostPath'),
      'enforced',
    ],
    [
      'capabilities: Kyverno',
      kyvernoText({
        match: POD,
        rule: `validate: { deny: { conditions: { all: [{ key: '{{ request.object.spec.[ephemeralContainers, initContainers, containers][].securityContext.capabilities.add[] }}', operator: AnyNotIn, value: [CHOWN, KILL] }] } } }`,
      }),
      keepsPodsFrom('capabilities'),
      'enforced',
    ],
    [
      'capabilities: Kyverno allows it',
      kyvernoText({
        match: POD,
        rule: `validate: { deny: { conditions: { all: [{ key: '{{ request.object.spec.[ephemeralContainers, initContainers, containers][].securityContext.capabilities.add[] }}', operator: AnyNotIn, value: [SYS_ADMIN] }] } } }`,
      }),
      keepsPodsFrom('capabilities'),
      'nothing',
    ],
    [
      'privileged: a policy',
      nativeText(
        'object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged) && (!has(object.spec.initContainers) || object.spec.initContainers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged))',
        { rules: pods },
      ),
      keepsPodsFrom('privileged'),
      'enforced',
    ],
    [
      'privileged: a policy about containers only',
      nativeText(
        'object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged)',
        { rules: pods },
      ),
      keepsPodsFrom('privileged'),
      'partly',
    ],
    [
      'a label: a policy',
      nativeText("has(object.metadata.labels) && 'team' in object.metadata.labels", { rules: pods }),
      keepsPodsFrom('privileged'),
      'nothing',
    ],
    [
      'privileged: Gatekeeper',
      gatekeeper(constraint("{ match: { kinds: [{ apiGroups: [''], kinds: [Pod] }] } }")),
      keepsPodsFrom('privileged'),
      'enforced',
    ],
    [
      'privileged: Gatekeeper, failing open',
      gatekeeper(constraint("{ match: { kinds: [{ apiGroups: [''], kinds: [Pod] }] } }"), 'Ignore'),
      keepsPodsFrom('privileged'),
      'failsOpen',
    ],
    [
      'privileged: Gatekeeper, dry run',
      gatekeeper(constraint('{ enforcementAction: dryrun }')),
      keepsPodsFrom('privileged'),
      'audited',
    ],
    [
      'privileged: Gatekeeper, namespace excluded',
      gatekeeper(constraint("{ match: { excludedNamespaces: ['team-*'] } }")),
      keepsPodsFrom('privileged'),
      'excluded',
    ],
    [
      'privileged: Gatekeeper, other namespaces',
      gatekeeper(constraint('{ match: { namespaces: [flux-system] } }')),
      keepsPodsFrom('privileged'),
      'excluded',
    ],
    [
      'privileged: Gatekeeper, labelled pods',
      gatekeeper(constraint('{ match: { labelSelector: { matchLabels: { a: b } } } }')),
      keepsPodsFrom('privileged'),
      'excluded',
    ],
    [
      'privileged: Gatekeeper, some images exempt',
      gatekeeper(constraint("{ parameters: { exemptImages: ['*'] } }")),
      keepsPodsFrom('privileged'),
      'notUnderstood',
    ],
    [
      'hostNetwork: Gatekeeper, forbidden',
      gatekeeper(constraint('{ parameters: { hostNetwork: false, min: 80, max: 90 } }', 'K8sPSPHostNetworkingPorts')),
      keepsPodsFrom('hostNetwork'),
      'enforced',
    ],
    [
      'hostNetwork: Gatekeeper, allowed',
      gatekeeper(constraint('{ parameters: { hostNetwork: true } }', 'K8sPSPHostNetworkingPorts')),
      keepsPodsFrom('hostNetwork'),
      'notUnderstood',
    ],
    [
      'capabilities: Gatekeeper, others are allowed',
      gatekeeper(constraint('{ parameters: { allowedCapabilities: [CHOWN] } }', 'K8sPSPCapabilities')),
      keepsPodsFrom('capabilities'),
      'enforced',
    ],
    [
      'capabilities: Gatekeeper, all are allowed',
      gatekeeper(constraint("{ parameters: { allowedCapabilities: ['*'] } }", 'K8sPSPCapabilities')),
      keepsPodsFrom('capabilities'),
      'notUnderstood',
    ],
    [
      'privileged: Gatekeeper, no image exempt',
      gatekeeper(constraint('{ parameters: { exemptImages: [] } }')),
      keepsPodsFrom('privileged'),
      'enforced',
    ],
    [
      'capabilities: Kyverno, of a list that is no projection',
      kyvernoText({
        match: POD,
        rule: `validate: { deny: { conditions: { all: [{ key: '{{ request.object.spec.containers.securityContext.capabilities.add[] }}', operator: AnyNotIn, value: [CHOWN] }] } } }`,
      }),
      keepsPodsFrom('capabilities'),
      'notUnderstood',
    ],
    ['hostPath: Gatekeeper, another constraint', gatekeeper(constraint('{}')), keepsPodsFrom('hostPath'), 'nothing'],
    [
      'privileged: Gatekeeper, a template of their own',
      gatekeeper(constraint('{}', 'NoPrivilegedPods')),
      keepsPodsFrom('privileged'),
      'notUnderstood',
    ],
  ])('%s', (_, yaml, demand, expected) => {
    expect(askAdmission(yaml, demand)).toBe(expected);
  });
});

describe('pods that stay where they belong', () => {
  const [named, tolerant] = staysOffNodes({ key: 'dedicated', value: 'flux', effect: 'NoSchedule' });
  const pods = "{ apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods] }";
  it.each<[string, string, Demand | undefined, string]>([
    [
      'no runtime class',
      nativeText('has(object.spec.runtimeClassName)', { rules: pods }),
      namesRuntimeClass,
      'enforced',
    ],
    [
      'a certain runtime class',
      nativeText("object.spec.?runtimeClassName.orValue('') == 'gvisor'", { rules: pods }),
      namesRuntimeClass,
      'enforced',
    ],
    [
      'a runtime class, or none',
      nativeText("!has(object.spec.runtimeClassName) || object.spec.runtimeClassName == 'gvisor'", { rules: pods }),
      namesRuntimeClass,
      'nothing',
    ],
    [
      'no node',
      nativeText("!has(object.spec.nodeName) || object.spec.nodeName == ''", { rules: pods }),
      named,
      'enforced',
    ],
    [
      'no node on creation',
      nativeText("request.operation != 'CREATE' || !has(object.spec.nodeName)", { rules: pods }),
      named,
      'enforced',
    ],
    ['no tolerations', nativeText('!has(object.spec.tolerations)', { rules: pods }), tolerant, 'enforced'],
    [
      'some tolerations',
      nativeText(
        "object.spec.?tolerations.orValue([]).all(t, t.?key.orValue('') in ['node.kubernetes.io/not-ready', 'spot'])",
        { rules: pods },
      ),
      tolerant,
      'enforced',
    ],
    [
      'all tolerations but one',
      nativeText(
        "!has(object.spec.tolerations) || object.spec.tolerations.all(t, !has(t.key) || t.key != 'dedicated')",
        {
          rules: pods,
        },
      ),
      tolerant,
      'partly',
    ],
    [
      'no tolerations on creation',
      nativeText("request.operation != 'CREATE' || !has(object.spec.tolerations)", { rules: pods }),
      tolerant,
      'partly',
    ],
  ])('%s', (_, yaml, demand, expected) => {
    expect(demand && askAdmission(yaml, demand)).toBe(expected);
  });
});
