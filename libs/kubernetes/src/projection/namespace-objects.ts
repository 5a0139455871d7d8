import type { PodDisruptionBudget, ResourceQuota, Service } from '#libs/core';
import { defined, Fields } from './fields.js';
import { namespacedMetadata } from './metadata.js';
import { selectorOf } from './selectors.js';

export function projectResourceQuota(item: unknown): ResourceQuota {
  const object = Fields.of(item);
  const spec = object.child('spec');
  const selector = spec?.child('scopeSelector');
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: namespacedMetadata(object),
    spec: defined({
      scopes: spec?.texts('scopes'),
      scopeSelector:
        selector &&
        defined({
          matchExpressions: selector.children('matchExpressions')?.map((expression) =>
            defined({
              scopeName: expression.needText('scopeName'),
              operator: expression.needText('operator'),
              values: expression.texts('values'),
            }),
          ),
        }),
      hard: spec?.textMap('hard'),
    }),
  };
}

export function projectDisruptionBudget(version: string): (item: unknown) => PodDisruptionBudget {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.child('spec');
    return {
      apiVersion: `policy/${version}`,
      kind: 'PodDisruptionBudget',
      metadata: namespacedMetadata(object),
      spec: defined({ selector: spec && selectorOf(spec, 'selector') }),
    };
  };
}

/** A Service: how it is reached and which pods it leads to. */
export function projectService(item: unknown): Service {
  const object = Fields.of(item);
  const spec = object.child('spec');
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: namespacedMetadata(object),
    spec: defined({
      type: spec?.text('type'),
      selector: spec?.textMap('selector'),
      externalIPs: spec?.texts('externalIPs'),
      ports: spec?.children('ports')?.map((port) =>
        defined({
          name: port.text('name'),
          port: port.count('port') ?? 0,
          targetPort: port.numberOrText('targetPort'),
          nodePort: port.count('nodePort'),
          protocol: port.text('protocol'),
        }),
      ),
    }),
  };
}
