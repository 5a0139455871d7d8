import { type Kustomization, type Observation, fail, objectReference, pass, subjectOf } from '#libs/core';
import { conditionText } from '../remote-apply/condition-text.js';

/** kustomize clones a remote base into a folder of its own, which the file system of a build does not hold. */
const REFUSED = /fs-security-constraint\b.*\/kustomize-\d+/s;

/**
 * What the status of a Kustomization tells where its files were not read: kustomize-controller refused a remote base, or
 * the last build went through. Nothing where neither is so.
 */
export function judgeStatus(kustomization: Kustomization): readonly Observation[] {
  const { namespace, name } = kustomization.metadata;
  const title = `Kustomization ${namespace}/${name}`;
  const subject = subjectOf(kustomization, { field: 'status' });
  const conditions = kustomization.status?.conditions ?? [];
  const index = conditions.findIndex(({ type }) => type === 'Ready');
  const ready = conditions[index];
  if (ready?.status === 'True') {
    return [pass(subject, 'BUILD_NOT_REFUSED', `${title} is ready: its build names no remote base that was refused.`)];
  }
  if (ready?.status !== 'False' || !REFUSED.test(ready.message ?? '')) return [];
  return [
    fail(
      subject,
      'REMOTE_BASE',
      `${title} builds on a Git repository outside of its source, and kustomize-controller refuses that. ` +
        'Nothing of it is applied until the reference is gone. ' +
        'Copy the base into the source, or make it a source of its own.',
      {
        confidence: 'derived',
        evidence: [
          {
            object: objectReference(kustomization),
            pointer: `/status/conditions/${index}/message`,
            observed: conditionText(ready.message),
            expected: 'a build of nothing but the source',
          },
        ],
      },
    ),
  ];
}
