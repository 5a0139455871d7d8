import { groupVersionOf, parseApiVersion, type ApiResource } from './api-resources.js';
import { MemoryCollection, type Collection } from './collection.js';
import { kubernetesTime, objectKey, uuidOf, type LiveObject, type SimulatedObject } from './simulated-object.js';

const AGE_MS = 90 * 24 * 60 * 60 * 1000;

/** Groups of Kubernetes' own whose objects count their generations. */
const COUNTING_GENERATIONS: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'apps',
  'networking.k8s.io',
  'policy',
]);

/** Whose objects these are, and what may be stored. */
export interface StoreOwner {
  readonly name: string;
  readonly uid: string;
  readonly now: () => number;
  readonly resources: () => readonly ApiResource[];
}

/** The objects of one simulated cluster, by resource. */
export class ObjectStore {
  private readonly collections = new Map<string, Collection>();
  private version = 1_000;

  constructor(private readonly owner: StoreOwner) {}

  /** Of the newest change. */
  get resourceVersion(): number {
    return this.version;
  }

  put(object: SimulatedObject | LiveObject): void {
    const now = this.owner.now();
    const resource = this.resourceOf(typeof object === 'function' ? object(now) : object);
    this.version += 1;
    this.changeable(resource).put(object, now);
  }

  remove(object: SimulatedObject): void {
    this.version += 1;
    this.changeable(this.resourceOf(object)).remove(objectKey(object));
  }

  find(object: Pick<SimulatedObject, 'apiVersion' | 'kind' | 'metadata'>): SimulatedObject | undefined {
    const resource = this.resourceOf(object);
    const found = this.collectionOf(resource).find(objectKey(object), this.owner.now());
    return found && this.present(found, resource);
  }

  replace(group: string, plural: string, collection: Collection): void {
    this.collections.set(`${group}/${plural}`, collection);
  }

  collectionOf({ group, plural }: Pick<ApiResource, 'group' | 'plural'>): Collection {
    const key = `${group}/${plural}`;
    let collection = this.collections.get(key);
    if (collection === undefined) this.collections.set(key, (collection = new MemoryCollection()));
    return collection;
  }

  /** Adds what the API server would have set when the object was stored, and answers it in the resource's version. */
  present(object: SimulatedObject, resource: ApiResource): SimulatedObject {
    const { ownerReferences } = object.metadata as { ownerReferences?: readonly OwnerReference[] };
    const { namespace } = object.metadata;
    return {
      ...object,
      apiVersion: groupVersionOf(resource),
      metadata: {
        uid: this.uidOf(object.kind, objectKey(object)),
        resourceVersion: '1000',
        creationTimestamp: kubernetesTime(this.owner.now() - AGE_MS),
        ...((resource.custom || COUNTING_GENERATIONS.has(resource.group)) && { generation: 1 }),
        ...object.metadata,
        ...(ownerReferences && {
          ownerReferences: ownerReferences.map((owner) => ({
            ...owner,
            uid:
              owner.uid || this.uidOf(owner.kind, namespace === undefined ? owner.name : `${namespace}/${owner.name}`),
          })),
        }),
      },
    };
  }

  private uidOf(kind: string, key: string): string {
    return uuidOf(`${this.owner.uid}/${kind}/${key}`);
  }

  private resourceOf({ apiVersion, kind }: Pick<SimulatedObject, 'apiVersion' | 'kind'>): ApiResource {
    const { group } = parseApiVersion(apiVersion);
    const resource = this.owner.resources().find((entry) => entry.group === group && entry.kind === kind);
    if (resource === undefined)
      throw new Error(`${this.owner.name} does not serve ${kind} of ${apiVersion}: add its resource.`);
    return resource;
  }

  private changeable(resource: ApiResource): MemoryCollection {
    const collection = this.collectionOf(resource);
    if (!(collection instanceof MemoryCollection))
      throw new Error(
        `The ${resource.plural} of ${this.owner.name} are made as they are read; they cannot be changed one by one.`,
      );
    return collection;
  }
}

interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}
