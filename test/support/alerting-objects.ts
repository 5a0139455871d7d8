import { type ControllerOptions, controller } from './flux-installation.js';
import { type Parts, helmRelease, kustomization } from './remote-apply-objects.js';

export const EVENTS = '--events-addr=http://notification-controller.$(RUNTIME_NAMESPACE).svc.cluster.local./';

/** Three controllers that send their events to a notification-controller that is ready, with its Service. */
export function emitters(
  parts: {
    readonly kustomize?: readonly string[];
    readonly helm?: readonly string[];
    readonly source?: readonly string[];
    readonly notification?: readonly string[];
    readonly state?: ControllerOptions['state'];
    readonly images?: Readonly<Record<string, string>>;
  } = {},
): readonly object[] {
  const image = (name: string): ControllerOptions => (parts.images?.[name] ? { image: parts.images[name] } : {});
  return [
    ...controller('kustomize-controller', parts.kustomize ?? [EVENTS], image('kustomize-controller')),
    ...controller('helm-controller', parts.helm ?? [EVENTS], image('helm-controller')),
    ...controller('source-controller', parts.source ?? [EVENTS], image('source-controller')),
    ...controller('notification-controller', parts.notification ?? [], parts.state ? { state: parts.state } : {}),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'notification-controller', namespace: 'flux-system' },
      spec: { selector: { app: 'notification-controller' }, ports: [{ port: 80 }] },
    },
  ];
}

const SOURCES = ['Kustomization', 'HelmRelease', 'GitRepository', 'OCIRepository'].map((kind) => ({ kind, name: '*' }));
const API = 'notification.toolkit.fluxcd.io/v1beta3';

export const alert = (spec: object = {}, metadata: object = {}): object => ({
  apiVersion: API,
  kind: 'Alert',
  metadata: { name: 'remote-apply', namespace: 'spoke-a', ...metadata },
  spec: { providerRef: { name: 'pager' }, eventSeverity: 'error', eventSources: SOURCES, ...spec },
});

export const provider = (spec: object = {}, metadata: object = {}): object => ({
  apiVersion: API,
  kind: 'Provider',
  metadata: { name: 'pager', namespace: 'spoke-a', ...metadata },
  spec: { type: 'slack', channel: 'platform', secretRef: { name: 'pager' }, ...spec },
});

export const secret = (name = 'pager', namespace = 'spoke-a', more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'SecretFacts',
  metadata: { name, namespace },
  keys: ['address'],
  digest: `${namespace}/${name}`,
  lengths: { address: 70 },
  address: { origin: 'https://hooks.slack.example', hasPath: true },
  ...more,
});

/** A slack Provider in the namespace of the object, with its Secret. */
export const PAGER: readonly object[] = [provider(), secret()];

export const rule = (...rules: readonly (readonly [expr: string, holdFor?: string])[]): object => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'flux', namespace: 'monitoring', labels: { release: 'prometheus' } },
  rules: rules.map(([expr, holdFor], index) => ({
    alert: `Rule${index}`,
    expr,
    ...(holdFor !== undefined && { holdFor }),
    pointer: `/spec/groups/0/rules/${index}`,
  })),
});

export const kubeStateMetrics = (
  args: readonly string[] | null = ['--custom-resource-state-config-file=/x'],
): object => ({
  apiVersion: 'v1',
  kind: 'OperatorPod',
  metadata: { name: 'kube-state-metrics-0', namespace: 'monitoring' },
  program: 'kube-state-metrics',
  container: {
    name: 'main',
    image: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.17.0',
    ...(args && { args }),
  },
});

export const NOT_READY =
  'gotk_resource_info{customresource_kind=~"Kustomization|HelmRelease|.*Repository",ready!="True"} == 1';
export const SUSPENDED = 'gotk_resource_info{suspended="true"} == 1';
export const DOWN = 'kube_deployment_status_replicas_available{namespace="flux-system"} == 0';
/** Rules for all that sends no event, with the metrics they are on. */
export const RULES: readonly object[] = [
  rule([NOT_READY, '10m'], [SUSPENDED, '24h'], [DOWN, '5m']),
  kubeStateMetrics(),
];

export const infra = (parts: Parts = {}): object =>
  kustomization({ ...parts, metadata: { name: 'infra', ...parts.metadata } });
export const web = (parts: Parts = {}): object =>
  helmRelease({ ...parts, metadata: { name: 'web', ...parts.metadata } });
