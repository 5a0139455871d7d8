import type { AccessRule } from '#libs/core';
import { KUBERNETES_RESOURCES, type ApiResource } from './api-resources.js';
import type { Collection } from './collection.js';
import { discoveryGroup, discoveryGroupVersion, discoveryRoot, type DiscoveryState } from './discovery.js';
import { FaultInjector, type Fault } from './faults.js';
import { getObject, listObjects } from './lists.js';
import { ObjectStore } from './object-store.js';
import { json, pageNotFound, text, type Reply } from './reply.js';
import { RequestLog } from './request-log.js';
import { accessReview, subjectAccessReview, subjectReview, type AccessAnswers } from './reviews.js';
import { routeOf, type SimulatedRequest } from './route.js';
import { uuidOf, type LiveObject, type SimulatedObject } from './simulated-object.js';
import {
  badRequest,
  expired,
  forbidden,
  forbiddenPath,
  noSuchResource,
  unauthorized,
  type ResourceRequest,
} from './statuses.js';
import { ASK_ABOUT_OTHERS, EVERYTHING, isAllowed, NO_SECRETS, READ_EVERYTHING, type SimulatedUser } from './users.js';

export interface SimulatedClusterOptions {
  readonly name: string;
  /** UID of `kube-system`; default made from the name. */
  readonly uid?: string;
  /** Default v1.36.3. */
  readonly serverVersion?: string;
  readonly objects?: Iterable<SimulatedObject | LiveObject>;
  /** Served beside Kubernetes' own, such as FLUX_RESOURCES. */
  readonly resources?: readonly ApiResource[];
  /** Group versions, as `group/version`, that discovery lists as stale. */
  readonly stale?: readonly string[];
  readonly aggregatedDiscovery?: DiscoveryState['aggregated'];
  /** Default: one user `plimsoll-auditor` who may read everything but Secrets, and ask about the rights of others. */
  readonly user?: Partial<SimulatedUser>;
  /** What the API server knows of the rights of others. What it does not answer, the one user's rights do. */
  readonly accessAnswers?: AccessAnswers;
  /** Milliseconds since the epoch; default the real time. */
  readonly now?: () => number;
}

const BUILT_IN_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** A cluster in memory that answers as a Kubernetes API server answers to an auditor. It stores nothing that it is sent. */
export class SimulatedCluster {
  readonly name: string;
  readonly uid: string;
  readonly serverVersion: string;
  readonly requests = new RequestLog();
  readonly now: () => number;
  user: SimulatedUser;
  private readonly faults = new FaultInjector();
  private readonly store: ObjectStore;
  private readonly accessAnswers: AccessAnswers;
  private discovery: DiscoveryState;

  constructor(options: SimulatedClusterOptions) {
    this.name = options.name;
    this.uid = options.uid ?? uuidOf(`cluster/${options.name}`);
    this.serverVersion = options.serverVersion ?? 'v1.36.3';
    this.now = options.now ?? Date.now;
    this.user = {
      name: 'system:serviceaccount:plimsoll:auditor',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:plimsoll'],
      token: `simulated-${uuidOf(`token/${options.name}`)}`,
      allowed: [...READ_EVERYTHING, ASK_ABOUT_OTHERS],
      denied: NO_SECRETS,
      ...options.user,
    };
    this.accessAnswers = options.accessAnswers ?? (() => undefined);
    this.discovery = {
      resources: [...KUBERNETES_RESOURCES, ...(options.resources ?? [])],
      stale: options.stale ?? [],
      aggregated: options.aggregatedDiscovery ?? 'v2',
    };
    const { name, uid, now } = this;
    this.store = new ObjectStore({ name, uid, now, resources: () => this.discovery.resources });
    for (const name of BUILT_IN_NAMESPACES)
      this.put({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name,
          ...(name === 'kube-system' && { uid: this.uid }),
          labels: { 'kubernetes.io/metadata.name': name },
        },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      });
    this.put(...(options.objects ?? []));
  }

  /** Creates or replaces objects. Their kinds must be among the served resources. */
  put(...objects: (SimulatedObject | LiveObject)[]): void {
    for (const object of objects) this.store.put(object);
  }

  /** Harmless where the object does not exist. */
  remove(object: SimulatedObject): void {
    this.store.remove(object);
  }

  /** The object as a client would get it, or undefined. */
  find(object: Pick<SimulatedObject, 'apiVersion' | 'kind' | 'metadata'>): SimulatedObject | undefined {
    return this.store.find(object);
  }

  /** Serves all objects of a resource from `collection`, which may make them as they are read. */
  replaceCollection(group: string, plural: string, collection: Collection): void {
    this.store.replace(group, plural, collection);
  }

  /** Serves further resources, or takes whole groups away. */
  serve(...resources: readonly ApiResource[]): void {
    this.discovery = { ...this.discovery, resources: [...this.discovery.resources, ...resources] };
  }

  stopServing(group: string): void {
    const resources = this.discovery.resources.filter((resource) => resource.group !== group);
    this.discovery = { ...this.discovery, resources };
  }

  /** Takes rights away from the user; requests are then answered 403 and access reviews "no". */
  deny(...rules: readonly AccessRule[]): void {
    this.user = { ...this.user, denied: [...this.user.denied, ...rules] };
  }

  /** Undoes every `deny`. */
  allowAgain(): void {
    this.user = { ...this.user, denied: NO_SECRETS };
  }

  /** Tokens issued so far stop working. */
  revokeToken(): string {
    const token = `simulated-${uuidOf(`${this.user.token}/renewed`)}`;
    this.user = { ...this.user, token };
    return token;
  }

  injectFault(...faults: readonly Fault[]): void {
    for (const fault of faults) this.faults.add(fault);
  }

  clearFaults(): void {
    this.faults.clear();
  }

  /** The faults that strike this request. The server carries out those that are not about content. */
  strike(method: string, path: string): readonly Fault[] {
    return this.faults.strike(method, path);
  }

  answer(request: SimulatedRequest, faults: readonly Fault[] = []): Reply {
    const user = this.authenticate(request);
    if (user === undefined) return json(401, unauthorized());
    const route = routeOf(request);
    const accept = request.headers['accept'] ?? '';
    switch (route.kind) {
      case 'version':
        return { status: 200, body: JSON.stringify(versionInfo(this.serverVersion), null, 2) };
      case 'health':
        return text(200, 'ok');
      case 'api':
      case 'apis':
        return discoveryRoot(this.discovery, route.kind, accept, request.headers['if-none-match'] ?? '');
      case 'group':
        return discoveryGroup(this.discovery, route.group);
      case 'groupVersion':
        return discoveryGroupVersion(this.discovery, route.group, route.version);
      case 'resource':
        return this.answerResource(user, route.request, request, faults);
      default:
        return user.allowed === EVERYTHING
          ? pageNotFound()
          : json(403, forbiddenPath(request.method.toLowerCase(), request.path, user.name));
    }
  }

  private answerResource(
    user: SimulatedUser,
    wanted: ResourceRequest,
    request: SimulatedRequest,
    faults: readonly Fault[],
  ): Reply {
    if (
      wanted.verb === 'create' &&
      wanted.plural === 'selfsubjectaccessreviews' &&
      wanted.group === 'authorization.k8s.io'
    )
      return accessReview(user, request.body);
    if (wanted.verb === 'create' && wanted.plural === 'selfsubjectreviews' && wanted.group === 'authentication.k8s.io')
      return subjectReview(user, this.now());
    if (!isAllowed(user, wanted)) return json(403, forbidden(wanted, user.name));
    const isReview = wanted.plural === 'subjectaccessreviews' && wanted.group === 'authorization.k8s.io';
    if (wanted.verb === 'create' && isReview) return subjectAccessReview(user, this.accessAnswers, request.body);
    const { group, version } = wanted;
    const inGroupVersion = this.discovery.resources.filter(
      (entry) => entry.group === group && entry.version === version,
    );
    if (this.discovery.stale.includes(`${group}/${version}`)) return text(503, 'service unavailable\n');
    if (inGroupVersion.length === 0)
      return this.discovery.resources.some((entry) => entry.group === group && !entry.custom)
        ? json(404, noSuchResource())
        : pageNotFound();
    const resource = inGroupVersion.find(({ plural }) => plural === wanted.plural);
    if (resource === undefined)
      return inGroupVersion.some(({ custom }) => custom) ? pageNotFound() : json(404, noSuchResource());
    if (wanted.verb !== 'get' && wanted.verb !== 'list')
      return json(405, { ...badRequest('the simulated cluster is read-only'), reason: 'MethodNotAllowed', code: 405 });
    const token = request.query.get('continue');
    if (token !== null && faults.some(({ kind }) => kind === 'expiredContinue')) return json(410, expired(token));
    const swapped = faults.find((fault) => fault.kind === 'swapIdentity');
    const context = {
      collection: this.store.collectionOf(resource),
      resource,
      request: wanted,
      query: request.query,
      accept: request.headers['accept'] ?? '',
      now: this.now(),
      resourceVersion: this.store.resourceVersion,
      present: (object: SimulatedObject) => {
        const shown = this.store.present(object, resource);
        if (swapped === undefined || object.kind !== 'Namespace' || object.metadata.name !== 'kube-system')
          return shown;
        return { ...shown, metadata: { ...shown.metadata, uid: swapped.uid } };
      },
      endless: faults.some(({ kind }) => kind === 'endlessList'),
    };
    return wanted.verb === 'get' ? getObject(context) : listObjects(context);
  }

  private authenticate(request: SimulatedRequest): SimulatedUser | undefined {
    const token = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1];
    if (token !== undefined) return token === this.user.token ? this.user : undefined;
    if (request.certificate?.user === this.user.name) return this.user;
    return undefined;
  }
}

function versionInfo(gitVersion: string): Readonly<Record<string, string>> {
  const [major = '', minor = ''] = gitVersion.replace(/^v/, '').split('.');
  return {
    major,
    minor,
    gitVersion,
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: 'go1.26.8',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}
