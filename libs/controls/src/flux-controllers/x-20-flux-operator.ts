import {
  type Collected,
  type Observation,
  CLUSTER_SUBJECT,
  collected,
  defineControl,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
  pass,
} from '#libs/core';
import { type Access, accessOf } from '../access/access.js';
import { TENANT_CONTEXT, tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { fluxOperators, subjectOfOperator, titleOfOperator } from './flux-operators.js';
import { judgeDefaultAccount, judgeDefaultIdentity, judgeWebUi } from './judge-operator.js';
import { defaultOf, judgeInstances, judgeResourceSet } from './judge-resource-sets.js';

export const fluxOperator = defineControl({
  id: 'FLUX-X-20',
  title: 'The Flux Operator gives nobody its own rights',
  family: 'Flux controllers',
  severity: 'high',
  scope: ['shared', 'management'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'The Flux Operator may do everything in the cluster, since it installs Flux. ' +
    'A ResourceSet that names no account makes its objects with these rights, unless the operator has a default; a FluxInstance decides how Flux runs.',
  audit:
    'Reads the arguments and variables of the operator (`DEFAULT_SERVICE_ACCOUNT` and `DEFAULT_WORKLOAD_IDENTITY_SERVICE_ACCOUNT` win over its flags). ' +
    'These fail: no `--default-service-account` where a tenant may write ResourceSets; a default that is the name of the operator’s own account, or of another powerful account of the platform; a ResourceSet of a tenant that acts as the operator; an input provider over http or with `insecure: true`; a tenant who may write FluxInstances; and a web UI that is reached from outside without a configuration. ' +
    'A missing default for workload identity is a warning.',
  remediation:
    'Install the operator with `multitenancy.enabled: true` and a `defaultServiceAccount` of a name of its own, keep FluxInstances to the platform, and configure authentication for the web UI.',
  references: [
    'https://fluxoperator.dev/docs/crd/resourceset/#role-based-access-control',
    'https://fluxoperator.dev/docs/charts/flux-operator/',
    'https://fluxoperator.dev/docs/web-ui/web-config-api/',
  ],
  requires: ['registration', 'operatorPods', 'resourceSets'],
  optional: [...TENANT_CONTEXT, 'rbac', 'accessReviews', 'fluxInstances', 'services', 'ingresses', 'gatewayRoutes'],
  examples: {
    passing: [
      {
        title: 'a default account of a name of its own',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          kind: OperatorPod
          metadata: { name: flux-operator-0, namespace: flux-system }
          program: flux-operator
          serviceAccountName: flux-operator
          container:
            name: manager
            image: ghcr.io/controlplaneio-fluxcd/flux-operator:v0.58.1
            args: [--default-service-account=flux-tenant, --default-workload-identity-service-account=flux-tenant]
          ---
          apiVersion: fluxcd.controlplane.io/v1
          kind: ResourceSet
          metadata: { name: app, namespace: team-a }
          spec: {}`,
      },
    ],
    failing: [
      {
        title: 'no default account, and a ResourceSet of a tenant',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          kind: OperatorPod
          metadata: { name: flux-operator-0, namespace: flux-system }
          program: flux-operator
          serviceAccountName: flux-operator
          container: { name: manager, image: "ghcr.io/controlplaneio-fluxcd/flux-operator:v0.58.1", args: [--log-level=info] }
          ---
          apiVersion: fluxcd.controlplane.io/v1
          kind: ResourceSet
          metadata: { name: app, namespace: team-a }
          spec: {}`,
      },
      {
        title: 'the default account is that of the operator',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          kind: OperatorPod
          metadata: { name: flux-operator-0, namespace: flux-system }
          program: flux-operator
          serviceAccountName: flux-operator
          container:
            name: manager
            image: ghcr.io/controlplaneio-fluxcd/flux-operator:v0.58.1
            args: [--default-service-account=flux-operator, --default-workload-identity-service-account=flux-operator]`,
      },
    ],
  },
  evaluate: (artifacts) => {
    const { operatorPods, resourceSets, fluxInstances, rbac, accessReviews } = artifacts;
    const operators = fluxOperators(operatorPods);
    const instances = fluxInstances.state === 'collected' ? fluxInstances.value : [];
    const unreadInstances =
      fluxInstances.state === 'unavailable'
        ? [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'FluxInstance' }, fluxInstances)]
        : [];
    if (operators.length === 0 && resourceSets.length + instances.length === 0) {
      if (unreadInstances.length > 0) return unreadInstances;
      const message = 'The Flux Operator does not run in this cluster, and there are no objects for it.';
      return [notApplicable(CLUSTER_SUBJECT, 'NO_FLUX_OPERATOR', message)];
    }
    const model = tenantModel(artifacts);
    const answer = unlessTenants(model);
    const access: Collected<Access> =
      rbac.state === 'collected' ? collected(accessOf(rbac.value, accessReviews)) : rbac;
    const facts = { model, tenants: answer === undefined, access };
    const acting = defaultOf(operators);
    const found: Observation[] = [
      ...(answer?.outcome === 'notEvaluated' ? [answer] : []),
      ...unreadInstances,
      ...operators.flatMap((operator) => judgeDefaultAccount(operator, facts) ?? []),
      ...operators.flatMap((operator) => judgeDefaultIdentity(operator, facts) ?? []),
      ...operators.flatMap((operator) => judgeWebUi(operator, artifacts)),
      ...resourceSets.flatMap((set) => judgeResourceSet(set, acting, model)),
    ];
    if (facts.tenants && instances.length > 0) {
      if (access.state === 'collected') found.push(...judgeInstances(instances, model, access.value));
      else found.push(notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'FluxInstance' }, access));
    }
    if (operators.length === 0) {
      const message =
        'There are objects for the Flux Operator, and none was recognised in this cluster, so its settings are not known. ' +
        'Use the upstream image name, flux-operator.';
      found.push(notEvaluated(CLUSTER_SUBJECT, 'undecidable', 'OPERATOR_UNRECOGNISED', message));
    }
    if (found.length > 0) return found;
    return operators.map((operator) => {
      const message = `${titleOfOperator(operator)} serves one team alone, and nothing of it is open to the outside. There is nothing to do.`;
      return pass(subjectOfOperator(operator), 'OPERATOR_SOUND', message);
    });
  },
});
