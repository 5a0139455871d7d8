import {
  type Collected,
  type Evidence,
  type Fix,
  type Observation,
  type RuntimeClass,
  type SightingHistory,
  count,
  fail,
  notEvaluatedBecause,
  objectReference,
  pass,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { TenantModel } from '../tenants/tenant-model.js';
import { SHARED_GRACE, type Sharing } from './shared-nodes.js';
import { describePods, shown } from './tenant-pods.js';

const MAX_EVIDENCE = 10;

export interface SharingContext {
  /** Of the control: its sightings start with it. */
  readonly id: string;
  readonly sightings: SightingHistory;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly model: TenantModel;
  /** How many nodes the cluster has. */
  readonly nodes: number;
  readonly runtimeClasses: Collected<readonly RuntimeClass[]>;
}

/** One verdict for each tenant and what it shares nodes with. `clean`: none of them fails or warns. */
export function judgeSharings(
  sharings: readonly Sharing[],
  context: SharingContext,
): { readonly observations: readonly Observation[]; readonly clean: boolean } {
  const groups = new Map<string, Sharing[]>();
  for (const sharing of sharings) {
    const key = JSON.stringify([sharing.tenant.name, sharing.others.length > 0]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(sharing);
  }
  const observations = [...groups.values()].map((group) =>
    group[0]?.others.length ? withTenants(group, context) : withFlux(group, context),
  );
  return { observations, clean: observations.every(({ outcome }) => outcome === 'pass') };
}

function withFlux(sharings: readonly Sharing[], context: SharingContext): Observation {
  const { tenant, subject, details } = partsOf(sharings, context);
  const open = sharings.filter(({ sandboxed, unread }) => !sandboxed && !unread);
  const lasting = open.filter((sharing) => lasts(sharing, context));
  const unclear = lasting.length === 0 ? unreadAmong(sharings, subject, details, context) : undefined;
  if (unclear) return unclear;
  const said = (some: readonly Sharing[]): string =>
    `Pods of ${excerpt(tenant.name, 80)} run on ${count(some.length, 'node')} of the Flux controllers: ${describe(some)}`;
  const severity = context.model.tenancy.role === 'dedicated' ? 'medium' : 'high';
  if (open.length === 0) {
    return warn(
      subject,
      'FLUX_NODE_SHARED',
      `${said(sharings)}. All of them are sandboxed by their RuntimeClass, which makes it less grave. ${ADVICE}`,
      { ...details(sharings), severity: 'medium' },
    );
  }
  if (lasting.length === 0) return recent(said(open), subject, details(open));
  const only =
    context.nodes === 1
      ? ' The cluster has one node, which cannot keep them apart: it needs another one for Flux.'
      : '';
  return fail(
    subject,
    'FLUX_NODE_SHARED',
    `${said(lasting)}. Flux recommends nodes for its controllers that no tenant has workloads on, for they hold the rights over the whole cluster.${only} ${ADVICE}`,
    { ...details(lasting), severity, fixes: FIXES },
  );
}

const ADVICE =
  'Give Flux nodes of its own with a label and a taint, and let its Deployments select the one and tolerate the other.';

function withTenants(sharings: readonly Sharing[], context: SharingContext): Observation {
  const { tenant, subject, details } = partsOf(sharings, context);
  const open = sharings.filter(({ sandboxed, unread }) => !sandboxed && !unread);
  const lasting = open.filter((sharing) => lasts(sharing, context));
  const unclear = lasting.length === 0 ? unreadAmong(sharings, subject, details, context) : undefined;
  if (unclear) return unclear;
  const said = (some: readonly Sharing[]): string =>
    `${excerpt(tenant.name, 80)}, a tenant of high isolation, shares ${count(some.length, 'node')} with ${shown(some.flatMap(({ others }) => others.map(({ name }) => name)))}: ${describe(some)}`;
  if (open.length === 0) {
    return pass(
      subject,
      'SANDBOXED',
      `${said(sharings)}. The pods of all of them are sandboxed by their RuntimeClass.`,
      { confidence: details(sharings).confidence },
    );
  }
  if (lasting.length === 0) return recent(said(open), subject, details(open));
  return fail(
    subject,
    'TENANTS_SHARE_NODE',
    `${said(lasting)}. A tenant of high isolation is meant to meet no other tenant on a node. ` +
      'Give it a node pool of its own with a taint, run the pods in a sandbox (FLUX-NODE-03), or declare its isolation as low.',
    { ...details(lasting), severity: 'medium' },
  );
}

/** Where pods name RuntimeClasses that could not be read, they may be open or not; since when is kept for the next audit. */
function unreadAmong(
  sharings: readonly Sharing[],
  subject: Observation['subject'],
  details: (some: readonly Sharing[]) => Details,
  { runtimeClasses }: SharingContext,
): Observation | undefined {
  if (runtimeClasses.state === 'collected' || !sharings.some(({ unread }) => unread)) return undefined;
  const { confidence, sightings } = details(sharings);
  return { ...notEvaluatedBecause(subject, runtimeClasses), confidence, sightings };
}

function recent(said: string, subject: Observation['subject'], details: Details): Observation {
  return warn(
    subject,
    'RECENT',
    `${said}. That is so for less than 10 minutes, as it happens while nodes are drained. It fails where it lasts; look at the taints of the nodes then.`,
    { ...details, severity: 'low' },
  );
}

/** By the age of the pods, or because it was seen in an earlier audit. */
export function lasts(
  sharing: Sharing,
  { sightings, now, id }: Pick<SharingContext, 'sightings' | 'now' | 'id'>,
): boolean {
  const seen = Date.parse(sightings.firstSeen[keyOf(sharing, id)] ?? '');
  const since = Math.min(sharing.since ?? now, Number.isNaN(seen) ? now : seen);
  return now - since >= SHARED_GRACE;
}

/** Under which a sharing is remembered. */
export function keyOf({ use, tenant, others }: Sharing, id: string): string {
  return `${id}/${others.length > 0 ? 'tenants' : 'flux'}/${use.node.metadata.name}/${tenant.name}`;
}

interface Details {
  readonly confidence: Observation['confidence'];
  readonly evidence: readonly [Evidence, ...Evidence[]];
  readonly sightings: readonly string[];
}

function partsOf(sharings: readonly Sharing[], { model, id }: SharingContext) {
  const [first] = sharings;
  if (!first) throw new TypeError('A verdict on shared nodes needs a node.');
  const { tenant } = first;
  const [head = evidenceOf(first), ...others] = sharings.slice(0, MAX_EVIDENCE).map(evidenceOf);
  const keys = sharings.map((sharing) => keyOf(sharing, id));
  return {
    tenant,
    subject: { kind: 'Tenant', name: tenant.name, field: first.others.length > 0 ? 'tenants' : 'flux' },
    details: (some: readonly Sharing[]): Details => {
      const [one = head, ...more] = some === sharings ? [head, ...others] : some.slice(0, MAX_EVIDENCE).map(evidenceOf);
      return { confidence: model.confidence, evidence: [one, ...more], sightings: keys };
    },
  };
}

function evidenceOf({ use, pods, others }: Sharing): Evidence {
  return {
    object: objectReference(use.node),
    pointer: '/metadata/name',
    observed: use.node.metadata.name,
    expected: others.length > 0 ? 'a node of one tenant' : 'a node without pods of tenants',
    note: `Pods there: ${shown(pods.map(describePods), 5)}.`,
  };
}

function describe(sharings: readonly Sharing[]): string {
  return shown(
    sharings.map(({ use, pods }) => `${use.node.metadata.name} with ${shown(pods.map(describePods), 2)}`),
    5,
  );
}

const FIXES: readonly Fix[] = [
  {
    form: 'kustomizePatch',
    title: 'Let the Flux Deployments run on nodes of their own only',
    content: `# First: kubectl label node <node> role=flux && kubectl taint node <node> role=flux:NoSchedule
patches:
  - target: { kind: Deployment, labelSelector: app.kubernetes.io/part-of=flux }
    patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: all }
      spec:
        template:
          spec:
            affinity:
              nodeAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                  nodeSelectorTerms:
                    - matchExpressions: [{ key: role, operator: In, values: [flux] }]
            tolerations:
              - { key: role, operator: Equal, value: flux, effect: NoSchedule }
`,
  },
];
