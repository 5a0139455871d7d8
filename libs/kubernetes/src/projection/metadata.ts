import type { Condition, ManagedFieldsEntry, ObjectMeta, OwnerReference } from '#libs/core';
import { defined, type Fields } from './fields.js';
import { withoutUserInfo } from './urls.js';

/** Annotations that controls read. All others are dropped: people store anything there. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  'eks.amazonaws.com/role-arn',
  'iam.gke.io/gcp-service-account',
  'azure.workload.identity/client-id',
  'azure.workload.identity/tenant-id',
  'field.cattle.io/projectId',
  'olm.owner',
  'meta.helm.sh/release-name',
  'kubernetes.io/config.mirror',
  'scheduler.alpha.kubernetes.io/node-selector',
]);
const ANNOTATION_PREFIXES = [
  'reconcile.fluxcd.io/',
  'kustomize.toolkit.fluxcd.io/',
  'helm.toolkit.fluxcd.io/',
  'fluxcd.controlplane.io/',
  'sharding.fluxcd.io/',
  'sealedsecrets.bitnami.com/',
  'plimsoll/',
  'rbac.authorization.kubernetes.io/',
];

/** Long messages repeat themselves; the cause stands at the start. */
const MAX_MESSAGE = 4_096;

/** Flux obeys its annotations in any case. */
export function isKeptAnnotation(key: string): boolean {
  if (ANNOTATIONS.has(key)) return true;
  const lower = key.toLowerCase();
  return ANNOTATION_PREFIXES.some((prefix) => lower.startsWith(prefix));
}

export interface MetadataOptions {
  /** More annotations to keep, because a container takes its environment from them. */
  readonly annotations?: ReadonlySet<string>;
  readonly managedFields?: boolean;
}

/** `metadata` of an object that has a namespace. */
export function namespacedMetadata(object: Fields, options: MetadataOptions = {}): ObjectMeta {
  const metadata = object.needChild('metadata');
  metadata.needText('namespace');
  return metadataOf(metadata, options);
}

/** `metadata` of a cluster-scoped object. */
export function clusterMetadata(object: Fields, options: MetadataOptions = {}): ObjectMeta {
  return metadataOf(object.needChild('metadata'), options);
}

function metadataOf(metadata: Fields, { annotations, managedFields }: MetadataOptions): ObjectMeta {
  const owners = metadata.children('ownerReferences')?.map(ownerReference);
  return defined({
    name: metadata.needText('name'),
    namespace: metadata.text('namespace'),
    uid: metadata.text('uid'),
    resourceVersion: metadata.text('resourceVersion'),
    generation: metadata.count('generation'),
    creationTimestamp: metadata.text('creationTimestamp'),
    deletionTimestamp: metadata.text('deletionTimestamp'),
    labels: metadata.textMap('labels'),
    annotations: metadata.textMap('annotations', (key) => isKeptAnnotation(key) || annotations?.has(key) === true),
    ownerReferences: owners?.length ? owners : undefined,
    managedFields: managedFields ? metadata.children('managedFields')?.map(managedFieldsEntry) : undefined,
  });
}

function ownerReference(fields: Fields): OwnerReference {
  return {
    apiVersion: fields.needText('apiVersion'),
    kind: fields.needText('kind'),
    name: fields.needText('name'),
    uid: fields.text('uid') ?? '',
  };
}

function managedFieldsEntry(fields: Fields): ManagedFieldsEntry {
  return defined({
    manager: fields.text('manager'),
    operation: fields.text('operation'),
    subresource: fields.text('subresource') || undefined,
    time: fields.text('time'),
  });
}

export function conditions(status: Fields | undefined): readonly Condition[] | undefined {
  return status?.children('conditions')?.map((fields) =>
    defined({
      type: fields.needText('type'),
      status: fields.choice('status', ['True', 'False', 'Unknown']) ?? 'Unknown',
      reason: fields.text('reason'),
      message: messageOf(fields),
      lastTransitionTime: fields.text('lastTransitionTime'),
      observedGeneration: fields.count('observedGeneration'),
    }),
  );
}

/** `message`, short and without credentials in URLs. */
export function messageOf(fields: Fields): string | undefined {
  const message = fields.text('message');
  return message === undefined ? undefined : withoutUserInfo(message).slice(0, MAX_MESSAGE);
}
