import type { Alert, Fix, Provider } from '#libs/core';
import { pagingOf } from './provider-delivery.js';

const NAME = 'remote-apply';
const SOURCE_KINDS = ['GitRepository', 'OCIRepository', 'HelmRepository', 'HelmChart', 'Bucket'];

/** Names of objects are plain; anything else is quoted. */
function yamlText(text: string): string {
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n|~|[\d.e]+)$/.test(text)
    ? text
    : JSON.stringify(text);
}

/** A Provider of the namespace that calls people, if there is one. */
function pagerOf(namespace: string, providers: readonly Provider[]): Provider | undefined {
  return providers.find(
    ({ metadata, spec }) =>
      metadata.namespace === namespace && spec.suspend !== true && pagingOf(spec.type ?? '') === 'pager',
  );
}

/** An Alert for everything that is applied from a namespace, with its real Provider, ready to be applied. */
export function missingAlert(namespace: string, alerts: readonly Alert[], providers: readonly Provider[]): Fix {
  const provider = pagerOf(namespace, providers);
  const taken = alerts.some(({ metadata }) => metadata.namespace === namespace && metadata.name === NAME);
  const apiVersion = alerts[0]?.apiVersion ?? providers[0]?.apiVersion ?? 'notification.toolkit.fluxcd.io/v1beta3';
  const kinds = ['Kustomization', 'HelmRelease', ...SOURCE_KINDS];
  const alert = `apiVersion: ${apiVersion}
kind: Alert
metadata:
  name: ${taken ? `${NAME}-errors` : NAME}
  namespace: ${yamlText(namespace)}
spec:
  providerRef:
    name: ${yamlText(provider?.metadata.name ?? 'pager')}
  eventSeverity: error
  eventSources:
${kinds.map((kind) => `  - kind: ${kind}\n    name: '*'`).join('\n')}
`;
  if (provider) {
    return {
      form: 'manifest',
      title: `An Alert in namespace ${namespace} that sends to the Provider ${provider.metadata.name}`,
      content: alert,
    };
  }
  return {
    form: 'manifest',
    title: `An Alert in namespace ${namespace} with a Provider of its own; the address goes into the Secret`,
    content: `# The Secret holds the key address (and token, where the type needs one).
apiVersion: ${apiVersion}
kind: Provider
metadata:
  name: pager
  namespace: ${yamlText(namespace)}
spec:
  type: slack
  secretRef:
    name: pager
---
${alert}`,
  };
}

export interface RuleSurroundings {
  /** Metrics come from the Flux Operator, not from kube-state-metrics. */
  readonly fluxOperator: boolean;
  /** Where Flux runs. */
  readonly fluxNamespaces: readonly string[];
}

/** Rules for what no event tells: not ready, suspended, and a controller that is away. */
export function missingRules({ fluxOperator, fluxNamespaces }: RuleSurroundings): Fix {
  const [home = 'flux-system'] = fluxNamespaces;
  const metric = fluxOperator ? 'flux_resource_info' : 'gotk_resource_info';
  const kind = fluxOperator ? 'kind' : 'customresource_kind';
  const suspended = fluxOperator ? 'True' : 'true';
  const namespaces = fluxNamespaces.length === 0 ? home : fluxNamespaces.join('|');
  return {
    form: 'manifest',
    title: fluxOperator
      ? 'Alerting rules for failures without an event, on metrics of the Flux Operator'
      : 'Alerting rules for failures without an event, on metrics of kube-state-metrics, which must be configured for Flux (https://fluxcd.io/flux/monitoring/custom-metrics/)',
    content: `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: flux-remote-apply
  namespace: ${yamlText(home)}
spec:
  groups:
  - name: flux
    rules:
    - alert: FluxRemoteNotReady
      expr: 'max by (exported_namespace, name, ${kind}) (${metric}{${kind}=~"Kustomization|HelmRelease",ready!="True"}) == 1'
      for: 10m
    - alert: FluxSourceNotReady
      expr: 'max by (exported_namespace, name, ${kind}) (${metric}{${kind}=~"GitRepository|OCIRepository|HelmRepository|HelmChart|Bucket",ready!="True"}) == 1'
      for: 10m
    - alert: FluxSuspended
      expr: '${metric}{suspended="${suspended}"} == 1'
      for: 24h
    - alert: FluxControllerDown
      expr: 'kube_deployment_status_replicas_available{namespace=~"${namespaces}"} == 0'
      for: 5m
`,
  };
}
