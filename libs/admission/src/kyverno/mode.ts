import type { JsonObject, JsonValue, SelectorObject } from '#libs/core';
import { isObject, listAt, objectAt, textAt, textsAt } from '../json-access.js';
import { type Match, selectsNamespace } from '../native/match-resources.js';
import type { NamespaceFacts } from '../situation.js';
import { matchesWildcard } from './wildcard.js';

/**
 * Whether a Kyverno rule refuses in a namespace. The rule's own action wins over the policy's, overrides for namespaces
 * over both; without any a rule reports only.
 * https://kyverno.io/docs/policy-types/cluster-policy/validate/#failure-action
 */
export function enforces(spec: JsonObject, rule: JsonObject, namespace: NamespaceFacts): Match {
  const own = textAt(rule, 'validate', 'failureAction');
  const overrides =
    own === undefined
      ? listAt(spec, 'validationFailureActionOverrides')
      : listAt(rule, 'validate', 'failureActionOverrides');
  let action = own ?? textAt(spec, 'validationFailureAction') ?? 'Audit';
  for (const override of overrides ?? []) {
    const taken = overrides && isFor(override, namespace);
    if (taken === 'opaque') return 'opaque';
    if (taken === 'yes') {
      action = textAt(override, 'action') ?? action;
      break;
    }
  }
  return action.toLowerCase() === 'enforce' ? 'yes' : 'no';
}

function isFor(override: JsonValue, namespace: NamespaceFacts): Match {
  if (!isObject(override)) return 'opaque';
  const names = textsAt(override, 'namespaces');
  if (names?.length && !names.some((name) => matchesWildcard(name, namespace.name))) return 'no';
  const selector = objectAt(override, 'namespaceSelector');
  if (!selector) return names?.length ? 'yes' : 'opaque';
  return selectsNamespace(selector as SelectorObject, namespace);
}
