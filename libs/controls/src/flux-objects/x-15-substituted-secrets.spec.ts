import { describe } from 'vitest';
import { tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller, fluxObject } from '../../../../test/support/flux-installation.js';
import { substitutedSecrets as control } from './x-15-substituted-secrets.js';

const judges = tableOf(control);
const shared = { registration: SHARED };
const inventory = (...ids: readonly string[]) => ({
  status: { inventory: { entries: ids.map((id) => ({ id, v: 'v1' })) } },
});
const FROM_SECRET = {
  postBuild: {
    substituteFrom: [
      { kind: 'ConfigMap', name: 'c' },
      { kind: 'Secret', name: 'values' },
    ],
  },
};
const kustomization = (spec: object = FROM_SECRET, more: object = {}, path = 'flux-system/apps') =>
  fluxObject('Kustomization', path, spec, more);
const release = (more: object = {}, path = 'flux-system/db') =>
  fluxObject('HelmRelease', path, { valuesFrom: [{ kind: 'Secret', name: 'values' }] }, more);
const K = 'Kustomization/flux-system/apps';

describe('FLUX-X-15', () => {
  judges([
    [
      'values in a Secret',
      [kustomization(FROM_SECRET, inventory('team-a_db__Secret', 'team-a_web_apps_Deployment'))],
      'pass RENDERED_AS_SECRET',
      shared,
    ],
    [
      'values in a ConfigMap of a tenant',
      [kustomization(FROM_SECRET, inventory('team-a_db__ConfigMap'))],
      'fail SECRET_IN_CONFIGMAP',
      { ...shared, severity: 'medium', message: /into namespaces of team-a/ },
    ],
    ['the same, by a HelmRelease', [release(inventory('team-b_db__ConfigMap'))], 'fail SECRET_IN_CONFIGMAP', shared],
    [
      'in a ConfigMap of the tenant whose Secret it is',
      [kustomization(FROM_SECRET, inventory('team-a_db__ConfigMap'), 'team-a/apps')],
      'warn SECRET_RENDERED',
      shared,
    ],
    [
      'in a ConfigMap of another tenant',
      [kustomization(FROM_SECRET, inventory('team-a_x__ConfigMap', 'team-b_db__ConfigMap'), 'team-a/apps')],
      'fail SECRET_IN_CONFIGMAP',
      { ...shared, message: /into namespaces of team-b\./ },
    ],
    [
      'in a ConfigMap of the platform',
      [kustomization(FROM_SECRET, inventory('flux-system_db__ConfigMap'))],
      'warn SECRET_RENDERED',
      shared,
    ],
    [
      'in a Secret or a ConfigMap',
      [kustomization(FROM_SECRET, inventory('team-a_db__Secret', 'team-a_db__ConfigMap'))],
      'warn SECRET_RENDERED',
      shared,
    ],
    [
      'in neither',
      [kustomization(FROM_SECRET, inventory('team-a_web_apps_Deployment'))],
      'warn SECRET_RENDERED',
      { ...shared, message: /renders no Secret/ },
    ],
    [
      'in another kind that is called Secret',
      [kustomization(FROM_SECRET, inventory('team-a_db_bitnami.com_Secret'))],
      'warn SECRET_RENDERED',
      shared,
    ],
    [
      'names with colons',
      [kustomization(FROM_SECRET, inventory('_system__x_rbac.authorization.k8s.io_ClusterRole'))],
      'warn SECRET_RENDERED',
      shared,
    ],
    ['it has applied nothing yet', [kustomization()], 'notApplicable NOTHING_APPLIED', shared],
    [
      'it applied something, and has no inventory',
      [kustomization(FROM_SECRET, { status: { lastAppliedRevision: 'x' } })],
      'notEvaluated NO_INVENTORY',
      shared,
    ],
    [
      'a release of a Flux without inventories',
      [release({ status: {} })],
      'notEvaluated NO_INVENTORY',
      { ...shared, message: /since Flux 2\.8/ },
    ],
    [
      'values of a ConfigMap',
      [
        kustomization({ postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: 'c' }] } }),
        ...controller('kustomize-controller', []),
      ],
      'pass NO_SECRET_VALUES',
      shared,
    ],
    ['no values', [kustomization({})], 'notApplicable NO_SECRET_VALUES', shared],
    [
      'substitution always',
      [kustomization({ postBuild: { substituteStrategy: 'Always' } })],
      'warn SUBSTITUTE_ALWAYS',
      { ...shared, verdicts: [`warn SUBSTITUTE_ALWAYS ${K} substituteStrategy`] },
    ],
    [
      'substitution with variables',
      [kustomization({ postBuild: { substituteStrategy: 'WithVariables' } })],
      'pass NO_SECRET_VALUES',
      shared,
    ],
    [
      'not strict',
      [
        kustomization({ postBuild: { hasSubstitute: true } }),
        ...controller('kustomize-controller', ['--feature-gates=StrictPostBuildSubstitutions=false']),
      ],
      'warn NOT_STRICT',
      shared,
    ],
    [
      'strict, said so',
      [
        kustomization({ postBuild: { hasSubstitute: true } }),
        ...controller('kustomize-controller', ['--feature-gates=StrictPostBuildSubstitutions=true']),
      ],
      'pass NO_SECRET_VALUES',
      shared,
    ],
    [
      'not strict, and nobody substitutes',
      [
        kustomization({}),
        ...controller('kustomize-controller', ['--feature-gates=StrictPostBuildSubstitutions=false']),
      ],
      'notApplicable NO_SECRET_VALUES',
      shared,
    ],
    [
      'whether it is strict is not known',
      [kustomization({ postBuild: { hasSubstitute: true } }), ...controller('kustomize-controller', [])],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { deployments: 'forbidden' } },
    ],
    [
      'gates by a variable that is not known',
      [
        kustomization({ postBuild: { hasSubstitute: true } }),
        ...controller('kustomize-controller', ['--feature-gates=$(GATES)'], {
          env: [{ name: 'GATES', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        }),
      ],
      'notEvaluated UNRESOLVED_ENV',
      shared,
    ],
    [
      'one tenant',
      [kustomization(FROM_SECRET, inventory('team-a_db__ConfigMap'))],
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'tenant', tenancy: 'dedicated', tenants: [SHARED.tenants[0]] } },
    ],
    [
      'no tenants',
      [kustomization(FROM_SECRET, inventory('team-a_db__ConfigMap'))],
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'standalone' } },
    ],
  ]);
});
