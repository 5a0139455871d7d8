import { type Evidence, type Fix, type Namespace, objectReference } from '#libs/core';
import type { PodSecurity } from '#libs/admission';
import { excerpt } from '#libs/flux';
import { shellText } from '../git-sources/shell-text.js';

/** What to do, at the end of a message. */
export const LABEL_IT = 'Label the namespace pod-security.kubernetes.io/enforce=restricted, or baseline.';

/** What Pod Security Admission does in a namespace, for the middle of a sentence. */
export function describeSecurity({ enforce, invalid }: PodSecurity): string {
  if (enforce === 'privileged') return 'Pod Security Admission is set to the level privileged';
  if (invalid !== undefined)
    return `the label of Pod Security Admission has a value that is no level, ${excerpt(invalid, 40)}`;
  return 'the namespace has no label for Pod Security Admission';
}

/** The label that decides, also where it is absent. */
export function securityEvidence(namespace: Namespace, { enforce, invalid, pointer }: PodSecurity): Evidence {
  const labelled = namespace.metadata.labels !== undefined;
  return {
    object: objectReference(namespace),
    pointer: labelled ? pointer : '/metadata/labels',
    observed: enforce ?? (invalid === undefined ? null : excerpt(invalid)),
    expected: 'restricted, or baseline',
  };
}

/** A dry run, then the label. */
export function labelFix(name: string): readonly Fix[] {
  const namespace = shellText(name);
  return [
    {
      form: 'steps',
      title: `Let Pod Security Admission guard ${excerpt(name)}`,
      content: [
        '# Shows what runs there and would be refused:',
        `kubectl label --dry-run=server --overwrite ns ${namespace} pod-security.kubernetes.io/enforce=restricted`,
        '# Then, best where the namespace is written in Git:',
        `kubectl label --overwrite ns ${namespace} pod-security.kubernetes.io/enforce=restricted`,
      ].join('\n'),
    },
  ];
}
