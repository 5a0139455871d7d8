import {
  CLUSTER_SUBJECT,
  defineControl,
  fail,
  notApplicable,
  notEvaluatedBecause,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { secretNamed } from '#libs/flux';
import { providerFaults } from './provider-faults.js';

export const providerAddresses = defineControl({
  id: 'FLUX-X-05',
  title: 'Providers send over https, with their secrets in Secrets',
  family: 'Notifications',
  severity: 'medium',
  scope: ['shared', 'management', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Messages of Flux tell what is deployed, from where, and what fails. ' +
    'They should travel encrypted, the receiver should be able to tell who sent them, and the address of a webhook, which is a credential, should not stand in an object that many people read.',
  audit:
    'For every Provider: fails an address with http (a warning inside the cluster: `*.svc`, bare names, loopback), taken from `spec.address` or from the key `address` of its Secret, which wins; an address in the object that holds a credential; and a proxy over http. ' +
    'Warns about the deprecated `spec.proxy` and about the type `generic` without a signature to an address outside the cluster. ' +
    'Of addresses only scheme and host are kept.',
  remediation:
    'Use https addresses, keep the address of a webhook in a Secret (`spec.secretRef`, key `address`), and use `generic-hmac` for receivers of your own.',
  references: [
    'https://fluxcd.io/flux/components/notification/providers/',
    'https://fluxcd.io/flux/components/notification/providers/#generic-webhook-with-hmac',
  ],
  requires: ['providers'],
  optional: ['secretFacts'],
  examples: {
    passing: [
      {
        title: 'the address is in a Secret',
        yaml: `
          apiVersion: notification.toolkit.fluxcd.io/v1beta3
          kind: Provider
          metadata: { name: slack, namespace: flux-system }
          spec: { type: slack, channel: platform, secretRef: { name: slack } }
          ---
          kind: SecretFacts
          metadata: { name: slack, namespace: flux-system }
          keys: [address]
          digest: '1'
          lengths: { address: 60 }
          address: { origin: 'https://hooks.slack.example', hasPath: true }`,
      },
    ],
    failing: [
      {
        title: 'http to a host outside the cluster',
        yaml: `
          apiVersion: notification.toolkit.fluxcd.io/v1beta3
          kind: Provider
          metadata: { name: receiver, namespace: flux-system }
          spec: { type: generic-hmac, address: 'http://events.example.com', secretRef: { name: receiver } }
          ---
          kind: SecretFacts
          metadata: { name: receiver, namespace: flux-system }
          keys: [token]
          digest: '1'
          lengths: { token: 40 }`,
      },
      {
        title: 'the whole address of a webhook in the object',
        yaml: `
          apiVersion: notification.toolkit.fluxcd.io/v1beta3
          kind: Provider
          metadata: { name: teams, namespace: flux-system }
          spec: { type: msteams, address: 'https://prod.logic.example.com', addressHasPath: true }`,
      },
    ],
  },
  evaluate: ({ providers, secretFacts }) => {
    if (providers.length === 0) {
      return [
        notApplicable(
          CLUSTER_SUBJECT,
          'NO_PROVIDER',
          'The cluster has no Provider, so its Flux sends no messages. There is nothing to do.',
        ),
      ];
    }
    return providers.flatMap((provider) => {
      const { namespace = '', name } = provider.metadata;
      const subject = subjectOf(provider);
      const label = `Provider ${namespace}/${name}`;
      const { secretRef } = provider.spec;
      const secret = secretRef && secretNamed(secretFacts, namespace, secretRef.name);
      const faults = providerFaults(provider, secret).map(({ outcome, reason, what, advice, severity, evidence }) =>
        (outcome === 'fail' ? fail : warn)(subject, reason, `${label} ${what}. ${advice}`, {
          severity,
          evidence: [evidence],
        }),
      );
      // Its key `address` would win over the field.
      if (secret?.state === 'unavailable') return [...faults, notEvaluatedBecause(subject, secret)];
      if (faults.length > 0) return faults;
      return [
        pass(
          subject,
          'ADDRESS_SOUND',
          `${label} sends encrypted, and holds no credential itself. There is nothing to do.`,
        ),
      ];
    });
  },
});
