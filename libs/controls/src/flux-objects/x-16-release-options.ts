import { type Observation, CLUSTER_SUBJECT, defineControl, fail, notApplicable, notEvaluated, pass } from '#libs/core';
import { type ControllerInstance, readFlag } from '#libs/flux';
import { flagEvidence } from '../controller-flags/flag-evidence.js';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  inspectControllers,
  instancesOf,
  withState,
} from '../controller-flags/inspect-controllers.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import { unseenControllers } from '../controller-flags/unseen-controllers.js';
import { tenantOfSource } from '../sources/source-verification.js';
import { tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { judgeRelease } from './release-options.js';

const GATE = 'AllowDNSLookups';

/** Templates of charts may ask the DNS while they are rendered where the gate is on. */
function judgeGate(instance: ControllerInstance): Observation {
  const subject = subjectOfInstance(instance, GATE);
  const title = `helm-controller ${instance.namespace}/${instance.owner.name}`;
  const live = instance.pods.filter(({ terminating }) => !terminating);
  const runs = [...live, ...(instance.template ? [instance.template] : [])];
  const readings = runs.map((run) => ({ run, reading: readFlag(run.arguments, 'feature-gates', run.env) }));
  const on = readings.find(({ reading }) => reading.state === 'value' && isOn(reading.value));
  if (on) {
    const message =
      `${title} runs with the feature gate ${GATE} on. Templates of every chart may then send names of their choice to the DNS, values among them, and what is installed depends on the answers. ` +
      `Remove ${GATE} from --feature-gates, or set it to false.`;
    return fail(subject, 'DNS_LOOKUPS', message, {
      evidence: [flagEvidence(on.run, on.reading, `${GATE} off, which is the default`)],
    });
  }
  const unknown = readings.find(({ reading }) => reading.state !== 'value');
  if (unknown || readings.length === 0) {
    const reading = unknown?.reading;
    const [code, missing, why] =
      reading?.state === 'undecidable'
        ? [reading.code, reading.missing, reading.message]
        : ['ARGUMENT_CRASH', [], reading?.state === 'crash' ? reading.message : 'It has no pod.'];
    const message = `Whether ${title} has the feature gate ${GATE} on cannot be told: ${why} Write the gates into the arguments.`;
    return notEvaluated(subject, missing.length > 0 ? 'forbidden' : 'undecidable', code, message, { missing });
  }
  return pass(subject, 'DNS_LOOKUPS_OFF', `${title} lets no template ask the DNS. There is nothing to do.`);
}

function isOn(value: unknown): boolean {
  return typeof value === 'object' && value !== null && GATE in value && value[GATE] === true;
}

export const releaseOptions = defineControl({
  id: 'FLUX-X-16',
  title: 'HelmReleases stay in their place and keep the safeties of Helm',
  family: 'Flux objects',
  severity: 'medium',
  scope: ['shared', 'management'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'A HelmRelease of a tenant can name other namespaces, and charts bring definitions that are of the whole cluster. ' +
    'Where several teams share a cluster, such options reach others, and releases of the platform should not drift unseen.',
  audit:
    'Fails the feature gate `AllowDNSLookups` of helm-controller, and a HelmRelease of a tenant whose `targetNamespace` or `storageNamespace` is none of the tenant. ' +
    'Warnings are `crds: CreateReplace` of a tenant, `disableOpenAPIValidation`, `upgrade.force`, and a release of the platform whose drift is not corrected. ' +
    'Releases that go to other clusters are looked at there.',
  remediation:
    'Remove the options that are not needed. Let tenants act as accounts that have rights in their own namespaces only, and let the platform install CustomResourceDefinitions.',
  references: [
    'https://fluxcd.io/flux/components/helm/helmreleases/',
    'https://fluxcd.io/flux/components/helm/options/#feature-gates',
    'https://fluxcd.io/flux/security/best-practices/#multi-tenancy',
  ],
  requires: [...CONTROLLER_ARTIFACTS, 'helmReleases'],
  optional: CONTEXT_ARTIFACTS.filter((name) => name !== 'helmReleases'),
  examples: {
    passing: [
      {
        title: 'a release of a tenant at home',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system }
          spec: { containers: [{ name: manager, image: "ghcr.io/fluxcd/helm-controller:v1.6.3", args: [--enable-leader-election] }] }
          ---
          apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          metadata: { name: app, namespace: team-a }
          spec: { targetNamespace: team-a, chartRef: { kind: OCIRepository, name: app } }`,
      },
    ],
    failing: [
      {
        title: 'a release of a tenant in the namespace of another',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          metadata: { name: app, namespace: team-a }
          spec: { targetNamespace: team-b, storageNamespace: team-b, chartRef: { kind: OCIRepository, name: app } }`,
      },
      {
        title: 'templates that may ask the DNS',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system }
          spec: { containers: [{ name: manager, image: "ghcr.io/fluxcd/helm-controller:v1.6.3", args: [--feature-gates=AllowDNSLookups=true] }] }`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const own = { ...artifacts, helmReleases: withState(artifacts.helmReleases) };
    const inspection = inspectControllers(own, context);
    const model = tenantModel(own);
    const answer = unlessTenants(model);
    if (answer?.outcome === 'notApplicable') return [answer];
    const found = [
      ...(answer ? [answer] : []),
      ...unseenControllers(['helm-controller'], inspection),
      ...instancesOf(inspection, ['helm-controller']).map(judgeGate),
      // Without knowing the tenants, nothing can be said of whose a release is.
      ...(answer
        ? []
        : artifacts.helmReleases.flatMap((release) => judgeRelease(release, tenantOfSource(release, model), model))),
    ];
    if (found.length > 0) return found;
    const message = 'The cluster has no helm-controller and no HelmRelease. There is nothing to do.';
    return [notApplicable(CLUSTER_SUBJECT, 'NO_RELEASE', message)];
  },
});
