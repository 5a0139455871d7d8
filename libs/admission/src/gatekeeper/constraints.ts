import type { EnginePolicy, JsonObject, SelectorObject, WebhookConfiguration } from '#libs/core';
import { listAt, objectAt, textAt, textsAt } from '../json-access.js';
import { allOf, type Match, selectsNamespace, selectsObject } from '../native/match-resources.js';
import { asksWho, type Effect, gap, LETS, type ReadyRule } from '../rule.js';
import type { PodRisk, Situation, Target } from '../situation.js';
import { matchesWildcard } from '../kyverno/wildcard.js';
import { handedTo } from '../webhooks.js';

const GROUP = /^constraints\.gatekeeper\.sh\//;

/**
 * What the constraints of Gatekeeper's library refuse; what a template of another name says is not known.
 * https://open-policy-agent.github.io/gatekeeper-library/website/pspintro
 */
const REFUSED_BY: Readonly<Record<string, readonly PodRisk[]>> = {
  K8sPSPPrivilegedContainer: ['privileged'],
  K8sPSPHostNamespace: ['hostPID', 'hostIPC'],
  K8sPSPHostNetworkingPorts: ['hostNetwork'],
  K8sPSPHostFilesystem: ['hostPath'],
  K8sPSPCapabilities: ['capabilities'],
};

/** The constraints, all kinds of them. Excluded namespaces of Gatekeeper's own configuration count too. */
export function gatekeeperRules(
  objects: readonly EnginePolicy[],
  webhooks: readonly WebhookConfiguration[] | undefined,
): readonly ReadyRule[] {
  const excluded = objects
    .filter(({ apiVersion, kind }) => kind === 'Config' && apiVersion.startsWith('config.gatekeeper.sh/'))
    .flatMap(({ spec }) => listAt(spec, 'match') ?? [])
    .filter((entry) => (textsAt(entry, 'processes') ?? []).some((process) => process === '*' || process === 'webhook'))
    .flatMap((entry) => textsAt(entry, 'excludedNamespaces') ?? []);
  const people = asksWho(webhooks);
  return objects
    .filter(({ apiVersion }) => GROUP.test(apiVersion))
    .map((constraint): ReadyRule => ({
      rule: { engine: 'Gatekeeper', object: constraint, name: constraint.kind, pointer: '/spec' },
      asksWho: people,
      concerns: (target) => namesKind(constraint, target),
      judge: (situation) => judge(constraint, excluded, webhooks, situation),
    }));
}

function namesKind({ spec }: EnginePolicy, { group, kind }: Target): boolean {
  const kinds = listAt(spec, 'match', 'kinds');
  if (!kinds || kinds.length === 0) return true;
  const has = (values: readonly string[] | undefined, value: string): boolean =>
    values === undefined || values.includes('*') || values.includes(value);
  return kinds.some((each) => has(textsAt(each, 'apiGroups'), group) && has(textsAt(each, 'kinds'), kind));
}

function judge(
  constraint: EnginePolicy,
  excluded: readonly string[],
  webhooks: readonly WebhookConfiguration[] | undefined,
  situation: Situation,
): Effect {
  const { spec, kind } = constraint;
  const { podRisk, namespace } = situation;
  const known = Object.hasOwn(REFUSED_BY, kind) ? REFUSED_BY[kind] : undefined;
  const plain = isPlain(kind, objectAt(spec, 'parameters') ?? {});
  if (known && (podRisk === undefined || !known.includes(podRisk))) return LETS;
  const match = matches(constraint, excluded, situation);
  if (match === 'no') return known ? gap('excluded', 'its match leaves the namespace out') : LETS;
  if (match === 'maybe') return gap('excluded', 'its match depends on names or labels, which an author chooses');
  const action = textAt(spec, 'enforcementAction') ?? 'deny';
  if (action !== 'deny') {
    return action === 'scoped'
      ? gap('notUnderstood', 'its enforcement is scoped')
      : gap('audited', `its enforcementAction is ${action}`);
  }
  if (!known || !plain)
    return gap('notUnderstood', known ? 'its parameters may exempt pods' : 'what its template demands is not known');
  if (match !== 'yes') return gap('notUnderstood', `whether it matches in ${namespace.name} cannot be told`);
  return handedTo('Gatekeeper', webhooks, situation);
}

/** No parameter lets one of these pods through; a parameter that is not known may. */
function isPlain(kind: string, { exemptImages, ...others }: JsonObject): boolean {
  if (exemptImages !== undefined && !(Array.isArray(exemptImages) && exemptImages.length === 0)) return false;
  const { hostNetwork, allowedCapabilities } = others;
  const known = {
    K8sPSPHostNetworkingPorts: hostNetwork !== true,
    K8sPSPCapabilities: !(textsAt({ list: allowedCapabilities ?? null }, 'list') ?? []).some(
      (capability) => capability === '*' || capability.endsWith('SYS_ADMIN'),
    ),
  }[kind];
  return Object.keys(others).every((key) => READ.has(key)) && (known ?? true);
}

const READ = new Set(['hostNetwork', 'min', 'max', 'allowedCapabilities', 'requiredDropCapabilities']);
const MATCH_KEYS = new Set([
  'kinds',
  'namespaces',
  'excludedNamespaces',
  'namespaceSelector',
  'labelSelector',
  'name',
  'scope',
  'source',
]);

/** https://open-policy-agent.github.io/gatekeeper/website/docs/howto/#the-match-field */
function matches({ spec }: EnginePolicy, excluded: readonly string[], { namespace }: Situation): Match {
  const match = objectAt(spec, 'match') ?? {};
  const inList = (patterns: readonly string[]): boolean =>
    patterns.some((each) => matchesWildcard(each, namespace.name));
  const namespaces = textsAt(match, 'namespaces') ?? [];
  const selector = objectAt(match, 'namespaceSelector');
  const name = textAt(match, 'name') ?? '*';
  return allOf([
    Object.keys(match).every((key) => MATCH_KEYS.has(key)) ? 'yes' : 'opaque',
    namespaces.length === 0 || inList(namespaces) ? 'yes' : 'no',
    inList([...excluded, ...(textsAt(match, 'excludedNamespaces') ?? [])]) ? 'no' : 'yes',
    textAt(match, 'scope') === 'Cluster' ? 'no' : 'yes',
    textAt(match, 'source') === 'Generated' ? 'no' : 'yes',
    selectsNamespace(selector as SelectorObject | undefined, namespace),
    selectsObject(objectAt(match, 'labelSelector') as SelectorObject | undefined),
    name === '*' || name === '' ? 'yes' : 'maybe',
  ]);
}
