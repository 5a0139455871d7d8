import {
  type Artifacts,
  type Observation,
  CLUSTER_SUBJECT,
  fail,
  notEvaluated,
  objectReference,
  subjectOf,
} from '#libs/core';
import { excerpt } from '#libs/flux';

/** Groups that the API server serves itself: https://kubernetes.io/docs/reference/kubernetes-api/ */
const BUILT_IN: ReadonlySet<string> = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'policy',
  'extensions',
  ...[
    'admissionregistration',
    'apiextensions',
    'apiregistration',
    'authentication',
    'authorization',
    'certificates',
    'coordination',
    'discovery',
    'events',
    'flowcontrol.apiserver',
    'internal.apiserver',
    'networking',
    'node',
    'rbac.authorization',
    'resource',
    'scheduling',
    'storage',
    'storagemigration',
  ].map((name) => `${name}.k8s.io`),
]);

/**
 * Groups of Kubernetes itself that a Service answers for. Whatever was read from them came from that Service, so
 * nothing else is judged then.
 * https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/
 */
export function redirectedGroups(apiServices: Artifacts['apiServices']): readonly Observation[] {
  const found = apiServices.filter(({ spec }) => spec.service !== undefined && BUILT_IN.has(spec.group));
  if (found.length === 0) return [];
  return [
    ...found.map((apiService) => {
      const { group, version, service } = apiService.spec;
      const name = group === '' ? 'the core API' : `the API group ${group}`;
      const target = `${excerpt(service?.namespace ?? '', 63)}/${excerpt(service?.name ?? '', 63)}`;
      return fail(
        subjectOf(apiService),
        'BUILT_IN_GROUP_REDIRECTED',
        `Requests for ${name} (${version}) are sent to the Service ${target}, which answers in the place of the API server. ` +
          'It sees what everybody sends, and decides what everybody reads, this audit included. ' +
          `Treat this as an incident: find out who changed the APIService, delete it, and let the API server make it anew.`,
        {
          severity: 'critical',
          evidence: [
            {
              object: objectReference(apiService),
              pointer: '/spec/service',
              observed: { namespace: excerpt(service?.namespace ?? '', 63), name: excerpt(service?.name ?? '', 63) },
              expected: 'no service: the API server serves its own groups',
            },
          ],
          fixes: [
            {
              form: 'steps',
              title: 'Give the group back to the API server',
              content: `kubectl delete apiservice ${version}.${group}\n# The API server makes its own APIServices anew within seconds; restart it if it does not.`,
            },
          ],
        },
      );
    }),
    notEvaluated(
      CLUSTER_SUBJECT,
      'undecidable',
      'READS_NOT_TRUSTED',
      'What was read from the redirected groups may have been made up, so the rights of tenants were not judged. Repair the APIServices first.',
    ),
  ];
}
