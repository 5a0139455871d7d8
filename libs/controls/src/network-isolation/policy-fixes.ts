import type { Fix, NetworkPolicy } from '#libs/core';
import type { FixTarget } from '#libs/flux';
import { stringify } from 'yaml';
import { yamlScalar } from '../fix-text/yaml-scalar.js';

const yaml = (...documents: readonly object[]): string =>
  documents.map((document) => stringify(document, { lineWidth: 0 })).join('---\n');

function policy(namespace: string, name: string, spec: object): object {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec };
}

/** As Flux 2.9.4 ships it: receivers only. */
function webhooksPolicy(namespace: string): object {
  return policy(namespace, 'allow-webhooks', {
    podSelector: { matchLabels: { app: 'notification-controller' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ protocol: 'TCP', port: 9292 }] }],
  });
}

/** The policies that Flux ships, for the namespace, in the form that fits the installation. */
export function policyFixes({ instance, install }: FixTarget): readonly Fix[] {
  const { namespace } = instance;
  if (install.method === 'fluxOperator' && install.instance) {
    const content = yaml({
      apiVersion: 'fluxcd.controlplane.io/v1',
      kind: 'FluxInstance',
      metadata: install.instance,
      spec: { cluster: { networkPolicy: true } },
    });
    return [{ form: 'fluxOperatorPatch', title: 'Let the Flux Operator install the policies', content }];
  }
  if (install.method === 'helmChart') {
    return [
      {
        form: 'helmValues',
        title: 'Let the chart install the policies',
        content: yaml({ policies: { create: true } }),
      },
    ];
  }
  const content = yaml(
    policy(namespace, 'allow-egress', {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{}],
    }),
    policy(namespace, 'allow-scraping', {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ protocol: 'TCP', port: 8080 }] }],
    }),
    webhooksPolicy(namespace),
  );
  return [{ form: 'manifest', title: 'The policies that Flux ships', content }];
}

/** The policies for webhooks that are there, with the port of receivers. */
export function webhooksFix({ install }: FixTarget, policies: readonly NetworkPolicy[]): Fix {
  const content = yaml(
    ...[...new Set(policies)].map(({ metadata: { name, namespace = '' }, spec }) =>
      policy(namespace, name, {
        podSelector: spec.podSelector ?? {},
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ protocol: 'TCP', port: 9292 }] }],
      }),
    ),
  );
  if (install.method !== 'helmChart')
    return { form: 'manifest', title: 'The policy with the port of receivers', content };
  const title =
    'The policy with the port of receivers; the chart brings it back without, so switch its policies off and keep your own';
  return { form: 'manifest', title, content };
}

/** The rules of the policy, which are the same for every namespace. */
const DENY_SPEC = stringify(
  {
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [
        { to: [{ podSelector: {} }] },
        {
          to: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
              podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
            },
          ],
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
      ],
    },
  },
  { lineWidth: 0 },
);

/** A policy that closes a namespace in both directions, but for its own pods and DNS. */
export function denyFix(namespace: string): Fix {
  const content = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: default-deny\n  namespace: ${yamlScalar(namespace)}\n${DENY_SPEC}`;
  return {
    form: 'manifest',
    title: 'Pods of the namespace and DNS only; first allow what its pods need besides, or they lose it',
    content,
  };
}
