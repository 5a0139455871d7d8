import { CHOICE, map, OPAQUE, scalar, type Value } from './values.js';

/** A kind of object that requests are about. */
export interface Target {
  readonly group: string;
  readonly kind: string;
  /** Plural. */
  readonly resource: string;
  /** Every version that the API server may serve it in, newest first. */
  readonly versions: readonly [string, ...string[]];
}

/** What a pod may ask for that the Pod Security Standards refuse at the level `baseline`. */
export type PodRisk = 'privileged' | 'hostPID' | 'hostIPC' | 'hostNetwork' | 'hostPath' | 'capabilities';

export type Operation = 'CREATE' | 'UPDATE';

/** Who sends a request, with all groups. */
export interface Requester {
  readonly user: string;
  readonly groups: readonly string[];
}

export interface NamespaceFacts {
  readonly name: string;
  /** Undefined where nobody could read them. */
  readonly labels: Readonly<Record<string, string>> | undefined;
}

/** One request as admission sees it: an object of which only what matters is known. */
export interface Situation {
  readonly target: Target;
  readonly operation: Operation;
  readonly namespace: NamespaceFacts;
  readonly requester: Requester;
  /** `spec` of the object. */
  readonly spec: Value;
  /** What the object does, for people: `leaves out spec.serviceAccountName`. */
  readonly what: string;
  /** A rule that compares with a list of the platform counts as refusing, although the list is not read. */
  readonly listsCount?: boolean;
  /** Of a pod. */
  readonly podRisk?: PodRisk;
}

/** The object of the request; its name, labels and annotations are its author's choice. */
export function objectOf({ target, namespace, spec }: Situation): Value {
  const version = target.versions[0];
  return map(
    {
      apiVersion: scalar(target.group === '' ? version : `${target.group}/${version}`),
      kind: scalar(target.kind),
      metadata: map({ namespace: scalar(namespace.name), name: CHOICE }, CHOICE),
      spec,
    },
    CHOICE,
  );
}

/** `request` of https://kubernetes.io/docs/reference/kubernetes-api/other-resources/ (AdmissionRequest). */
export function requestOf(situation: Situation): Value {
  const { target, operation, namespace, requester } = situation;
  const [version] = target.versions;
  const object = objectOf(situation);
  return map(
    {
      operation: scalar(operation),
      namespace: scalar(namespace.name),
      name: CHOICE,
      kind: map({ group: scalar(target.group), version: scalar(version), kind: scalar(target.kind) }),
      resource: map({ group: scalar(target.group), version: scalar(version), resource: scalar(target.resource) }),
      subResource: scalar(''),
      userInfo: map(
        {
          username: scalar(requester.user),
          groups: { type: 'list', items: requester.groups.map((group) => scalar(group)) },
        },
        CHOICE,
      ),
      object,
      oldObject: oldObjectOf(situation),
    },
    OPAQUE,
  );
}

/** Before a change the object may have been anything; before its creation there was none. */
export function oldObjectOf({ operation }: Situation): Value {
  return operation === 'CREATE' ? scalar(null) : CHOICE;
}

/** The Namespace of the object, of which only name and labels are known. */
export function namespaceObjectOf({ namespace }: Situation): Value {
  const labels = namespace.labels;
  return map(
    {
      metadata: map(
        {
          name: scalar(namespace.name),
          labels: labels
            ? map(Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, scalar(value)])))
            : OPAQUE,
        },
        OPAQUE,
      ),
    },
    OPAQUE,
  );
}
