import { type JsonValue, type Probe, derived } from '#libs/core';
import type { Identity, ResourceRequest } from '#libs/rbac';
import { excerpt } from '#libs/flux';
import { probeIdentity } from '../probes/probe-identity.js';
import type { Spared } from '../probes/spared-principals.js';
import { type KnownObject, type TargetArtifacts, objectsFor, servedVersion } from './known-objects.js';
import type { PlatformPrincipal } from './platform-principals.js';
import type { RevocationPair } from './revocation-pairs.js';
import {
  NO_REPLICAS,
  OWNER_PATCH,
  exclusionLabels,
  labelsPatch,
  replacement,
  revokingChange,
  revokingObject,
} from './revoking-changes.js';

/** `owner`: an owner that does not exist is set. `labels`: the labels are taken off by which policies know the object. */
export type AttemptKind = 'delete' | 'owner' | 'change' | 'labels' | 'create';

/** One dry-run that stands for a right. */
export interface Attempt {
  readonly kind: AttemptKind;
  readonly probe: Probe;
}

/** A right, with the dry-runs that try it. */
export interface TriedPair {
  readonly pair: RevocationPair;
  readonly attempts: readonly Attempt[];
  /** What they may do and no dry-run tries, and why. */
  readonly untried: readonly Untried[];
}

export interface Untried {
  readonly verb: string;
  readonly why: 'roleOnly' | 'spared' | 'noObject' | 'noUid' | 'wholeObject' | 'collection' | 'noPayload';
}

export const CONTROL = 'FLUX-DED-02';

/** The dry-runs for what FLUX-DED-01 leaves to admission. */
export function triedPairs(
  pairs: readonly RevocationPair[],
  artifacts: TargetArtifacts,
  platform: readonly PlatformPrincipal[],
  spared: Spared,
): readonly TriedPair[] {
  const { webhookConfigurations, admissionPolicies } = artifacts;
  const exclusions = exclusionsIn(webhookConfigurations, admissionPolicies);
  const isPlatform = new Set(platform.flatMap(({ identity }) => (identity.user === '' ? [] : [identity.user])));
  const isSpared = (who: Identity) => spared(who) || isPlatform.has(who.user);
  const tried = pairs.map((found): TriedPair => {
    const pair = withHolder(found, isSpared);
    const { holder, object, requests } = pair;
    const verbs = nameVerbs(requests);
    if (holder === undefined) return { pair, attempts: [], untried: verbs.map((verb) => ({ verb, why: 'roleOnly' })) };
    if (isSpared(holder)) {
      return { pair, attempts: [], untried: verbs.map((verb) => ({ verb, why: 'spared' })) };
    }
    const [attempts, untried] = [new Map<string, Attempt>(), new Map<string, Untried>()];
    for (const request of requests) {
      const tried = attemptsFor(request, pair, artifacts, platform, exclusions);
      for (const attempt of tried.attempts) attempts.set(attempt.probe.key, attempt);
      if (tried.why !== undefined) {
        const verb = request.verb + (request.subresource ? ` ${request.subresource} of` : '');
        untried.set(`${verb} ${object.name}`, { verb, why: tried.why });
      }
    }
    return { pair, attempts: [...attempts.values()], untried: [...untried.values()] };
  });
  // A right to what does not exist takes nothing away.
  return tried.filter(({ attempts, untried }) => attempts.length + untried.length > 0);
}

/** Of principals with the same rights, one in whose name something may be tried. */
function withHolder(pair: RevocationPair, isSpared: (who: Identity) => boolean): RevocationPair {
  const { holder, principals, path } = pair;
  if (holder === undefined || path.length > 0 || !isSpared(holder)) return pair;
  return { ...pair, holder: principals.find((each) => !isSpared(each)) ?? holder };
}

const exclusionsIn = derived(exclusionLabels);

function nameVerbs(requests: readonly ResourceRequest[]): readonly string[] {
  return [...new Set(requests.map(({ verb }) => verb))];
}

interface Tried {
  readonly attempts: readonly Attempt[];
  readonly why?: Untried['why'];
}

type Exclusions = Readonly<Record<string, string>>;

function attemptsFor(
  request: ResourceRequest,
  pair: RevocationPair,
  artifacts: TargetArtifacts,
  platform: readonly PlatformPrincipal[],
  exclusions: Exclusions,
): Tried {
  const { verb, group = '', resource, subresource, namespace } = request;
  const may = (wanted: string) =>
    pair.requests.some((each) => each.verb === wanted && (each.subresource ?? '') === (subresource ?? ''));
  if (verb === 'create') {
    const version = servedVersion(artifacts.discovery, group, resource);
    const body = revokingObject(group, resource, version, namespace);
    if (body === undefined) return { attempts: [], why: 'noPayload' };
    const target = { group, version, resource, ...(namespace !== undefined && { namespace }) };
    return { attempts: [attempt('create', 'POST', target, body, pair)] };
  }
  // The deletion of a collection is never sent; each object of it is deleted as if alone.
  if (verb === 'deletecollection') return may('delete') ? { attempts: [] } : { attempts: [], why: 'collection' };
  // A patch and a replacement meet the same admission.
  if (verb === 'update' && may('patch') && subresource !== 'finalize') return { attempts: [] };
  // `finalize` can only be replaced: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/
  if (verb === 'patch' && subresource === 'finalize') return { attempts: [] };
  const objects = objectsFor(pair.object, request, artifacts);
  if (objects.length === 0)
    return { attempts: [], ...(noneExists(pair, request, artifacts) ? {} : { why: 'noObject' }) };
  if (verb === 'delete') {
    const deletable = objects.filter(({ uid }) => uid !== undefined);
    if (deletable.length === 0) return { attempts: [], why: 'noUid' };
    return { attempts: deletable.map((object) => attempt('delete', 'DELETE', object, undefined, pair)) };
  }
  const attempts = objects.flatMap((object): readonly Attempt[] =>
    verb === 'patch'
      ? patches(object, subresource, pair, platform, exclusions)
      : replacements(object, subresource, pair),
  );
  return { attempts, ...(attempts.length === 0 && { why: 'wholeObject' }) };
}

/** A right to all of a kind, where each of those that exist is an access object by itself, or none exists. */
function noneExists(
  { object }: RevocationPair,
  { resource, name }: ResourceRequest,
  { nodes }: TargetArtifacts,
): boolean {
  if (object.name !== undefined || name !== undefined) return false;
  if (resource === 'nodes') return nodes.state === 'collected';
  return object.class === 'A6';
}

function patches(
  object: KnownObject,
  subresource: string | undefined,
  pair: RevocationPair,
  platform: readonly PlatformPrincipal[],
  exclusions: Exclusions,
): readonly Attempt[] {
  const target = subresource === undefined ? object : { ...object, subresource };
  const tryIt = (kind: AttemptKind, body: JsonValue | undefined): readonly Attempt[] =>
    body === undefined ? [] : [attempt(kind, 'PATCH', target, body, pair)];
  if (subresource === 'scale') return tryIt('change', NO_REPLICAS);
  const isNamespace = object.group === '' && object.resource === 'namespaces';
  return [
    ...tryIt('owner', OWNER_PATCH),
    ...(subresource === undefined ? tryIt('change', revokingChange(object, platform)) : []),
    ...tryIt('labels', labelsPatch(object, isNamespace ? exclusions : {})),
  ];
}

function replacements(object: KnownObject, subresource: string | undefined, pair: RevocationPair): readonly Attempt[] {
  if (subresource === 'scale') {
    const { name, namespace = '' } = object;
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name, namespace }, ...NO_REPLICAS };
    return [attempt('change', 'PUT', { ...object, subresource }, scale, pair)];
  }
  const body = replacement(object);
  if (body === undefined) return [];
  return [attempt('owner', 'PUT', subresource === undefined ? object : { ...object, subresource }, body, pair)];
}

type Target = Pick<KnownObject, 'group' | 'version' | 'resource' | 'namespace'> & {
  readonly name?: string;
  readonly uid?: string;
  readonly subresource?: string;
};

const DOES: Readonly<Record<AttemptKind, string>> = {
  delete: 'deletes',
  owner: 'sets an owner that does not exist on',
  change: 'takes away what is granted by',
  labels: 'takes the labels off',
  create: 'creates',
};

function attempt(
  kind: AttemptKind,
  method: Probe['method'],
  { group, version, resource, namespace, name, uid, subresource }: Target,
  body: JsonValue | undefined,
  { holder, object }: RevocationPair,
): Attempt {
  const as = probeIdentity(holder ?? { user: '', groups: [] });
  const path = [namespace, name].filter((part) => part !== undefined).join('/');
  const what = `${resource}${group === '' ? '' : `.${group}`}${path === '' ? '' : ` ${path}`}${subresource === undefined ? '' : ` (${subresource})`}`;
  const label = `${object.kind.replace(/ \(.*\)$/, '')}${path === '' ? '' : ` ${excerpt(path, 120)}`}`;
  return {
    kind,
    probe: {
      key: `${CONTROL} ${kind} ${what} as ${[as.user, ...as.groups].join(', ')}`,
      control: CONTROL,
      as,
      method,
      target: {
        group,
        version,
        resource,
        ...(namespace !== undefined && { namespace }),
        ...(name !== undefined && { name }),
        ...(isSubresource(subresource) && { subresource }),
      },
      ...(uid !== undefined && { uid }),
      ...(body !== undefined && { body }),
      what: `${DOES[kind]} ${subresource === undefined ? '' : `(by ${subresource}) `}the ${label}`,
    },
  };
}

function isSubresource(text: string | undefined): text is NonNullable<Probe['target']['subresource']> {
  return text === 'status' || text === 'finalize' || text === 'scale';
}
