import type { Manifest } from './admin-client.js';
import { ALERT } from './fleet.js';

/** An Alert written in one of many ways, with a Provider of its own that sends to a path of its own. */
export interface AlertVariant {
  readonly name: string;
  readonly path: string;
  readonly alert: Manifest;
  /** The Alert and what it needs, to be created. */
  readonly objects: readonly Manifest[];
  /** False where the objects are right, and the receiver is dead. */
  readonly arrives: boolean;
}

interface Shape {
  readonly source?: object;
  readonly spec?: object;
  readonly provider?: object | null;
  readonly namespace?: string;
}

/** For the Kustomizations of a namespace, labelled `tier: prod`. */
const SHAPES: Readonly<Record<string, Shape>> = {
  plain: {},
  'all-severities': { spec: { eventSeverity: undefined } },
  named: { source: { name: 'apps' } },
  'name-with-star': { source: { name: 'app*' } },
  'namespace-star': { source: { namespace: '*' } },
  'other-kind': { source: { kind: 'HelmRelease' } },
  labels: { source: { matchLabels: { tier: 'prod' } } },
  'no-labels': { source: { matchLabels: {} } },
  'other-labels': { source: { matchLabels: { tier: 'test' } } },
  included: { spec: { inclusionList: ['dry-run failed', 'kube client'] } },
  'included-forbidden': { spec: { inclusionList: ['.*Forbidden.*'] } },
  'included-line': { spec: { inclusionList: ['^[^\\n]*$'] } },
  'included-invalid': { spec: { inclusionList: ['['] } },
  'included-beside-invalid': { spec: { inclusionList: ['[', 'failed|unable'] } },
  'excluded-line': { spec: { exclusionList: ['^.*$'] } },
  'excluded-lines': { spec: { exclusionList: ['(?s)^.*$'] } },
  'excluded-other': { spec: { exclusionList: ['something else'] } },
  'excluded-invalid': { spec: { exclusionList: ['['] } },
  suspended: { spec: { suspend: true } },
  'provider-suspended': { provider: { suspend: true } },
  'provider-missing': { provider: null },
  'provider-secret-missing': { provider: { secretRef: { name: 'no-such-secret' } } },
  'provider-dead': { provider: { address: 'http://127.0.0.1:1/' } },
  'other-namespace': { namespace: 'flux-system' },
};

export function alertVariants(home: string, receiver: string): readonly AlertVariant[] {
  return Object.entries(SHAPES).map(([name, { source, spec, provider = {}, namespace = home }]) => {
    const metadata = { namespace, name };
    const alert: Manifest = {
      apiVersion: ALERT,
      kind: 'Alert',
      metadata,
      spec: {
        providerRef: { name },
        eventSeverity: 'error',
        eventSources: [{ kind: 'Kustomization', name: '*', ...(namespace !== home && { namespace: home }), ...source }],
        ...spec,
      },
    };
    const path = `/variants/${name}`;
    const sender: Manifest = {
      apiVersion: ALERT,
      kind: 'Provider',
      metadata,
      spec: { type: 'generic', address: `${receiver}${path}`, ...provider },
    };
    const objects = provider === null ? [alert] : [sender, alert];
    return { name, path, alert, objects, arrives: name !== 'provider-dead' };
  });
}
