import type { Namespace } from '#libs/core';

export type PodSecurityLevel = 'privileged' | 'baseline' | 'restricted';

const PREFIX = 'pod-security.kubernetes.io/';
const LEVELS: readonly PodSecurityLevel[] = ['privileged', 'baseline', 'restricted'];

/** What Pod Security Admission enforces in a namespace, by its labels. */
export interface PodSecurity {
  /** Absent: the default of the API server, which is not visible and usually `privileged`. */
  readonly enforce?: PodSecurityLevel;
  /** `latest`, or a version that the standards stay at, such as `v1.29`. */
  readonly version?: string;
  /** JSON pointer of the label, also where it is absent. */
  readonly pointer: string;
  /** A value of the label that is no level. */
  readonly invalid?: string;
}

/**
 * Built into the API server, so that there is no webhook to be away. Exemptions by user, namespace or runtime class stand
 * in its configuration and are invisible. https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export function podSecurityOf({ metadata: { labels = {} } }: Namespace): PodSecurity {
  const label = labels[`${PREFIX}enforce`];
  const version = labels[`${PREFIX}enforce-version`];
  const pointer = '/metadata/labels/pod-security.kubernetes.io~1enforce';
  const level = LEVELS.find((each) => each === label);
  return {
    pointer,
    ...(level && { enforce: level }),
    ...(version !== undefined && { version }),
    ...(label !== undefined && !level && { invalid: label }),
  };
}
