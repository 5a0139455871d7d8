import type {
  AdmissionPolicy,
  AdmissionPolicyBinding,
  AdmissionRule,
  ApiService,
  Webhook,
  WebhookConfiguration,
} from '#libs/core';
import { defined, Fields } from './fields.js';
import { clusterMetadata } from './metadata.js';
import { selectorOf } from './selectors.js';

const GROUP = 'admissionregistration.k8s.io';

export type WebhookKind = WebhookConfiguration['kind'];
export const WEBHOOK_KINDS = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const;

/** What a webhook is asked about and by which Service; its CA and address are not kept. */
export function projectWebhookConfiguration(kind: WebhookKind, version: string) {
  return (item: unknown): WebhookConfiguration => {
    const object = Fields.of(item);
    return {
      apiVersion: `${GROUP}/${version}`,
      kind,
      metadata: clusterMetadata(object),
      webhooks: (object.children('webhooks') ?? []).map(webhook),
    };
  };
}

function webhook(fields: Fields): Webhook {
  // An API server shows the Service inside `clientConfig`, a recorded snapshot beside the rest.
  const service = fields.child('clientConfig')?.child('service') ?? fields.child('service');
  return defined({
    name: fields.needText('name'),
    failurePolicy: fields.text('failurePolicy'),
    sideEffects: fields.text('sideEffects'),
    matchPolicy: fields.text('matchPolicy'),
    rules: (fields.children('rules') ?? []).map(admissionRule),
    namespaceSelector: selectorOf(fields, 'namespaceSelector'),
    objectSelector: selectorOf(fields, 'objectSelector'),
    matchConditions: expressionsOf(fields, 'matchConditions'),
    service: service && serviceOf(service),
  });
}

function admissionRule(rule: Fields): AdmissionRule {
  return defined({
    apiGroups: rule.texts('apiGroups') ?? [],
    apiVersions: rule.texts('apiVersions') ?? [],
    operations: rule.texts('operations') ?? [],
    resources: rule.texts('resources') ?? [],
    scope: rule.text('scope'),
    resourceNames: rule.texts('resourceNames'),
  });
}

function expressionsOf(fields: Fields, key: string) {
  return fields
    .children(key)
    ?.map((entry) => ({ name: entry.text('name') ?? '', expression: entry.needText('expression') }));
}

function serviceOf(fields: Fields): { namespace: string; name: string } {
  return { namespace: fields.needText('namespace'), name: fields.needText('name') };
}

export type AdmissionPolicyKind = (AdmissionPolicy | AdmissionPolicyBinding)['kind'];
export const ADMISSION_POLICY_KINDS = [
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
] as const;

/** https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/ and the mutating kind alike. */
export function projectAdmissionPolicy(kind: AdmissionPolicyKind, version: string) {
  return (item: unknown): AdmissionPolicy | AdmissionPolicyBinding => {
    const object = Fields.of(item);
    const head = { apiVersion: `${GROUP}/${version}`, metadata: clusterMetadata(object) };
    const spec = object.needChild('spec');
    if (kind === 'ValidatingAdmissionPolicyBinding' || kind === 'MutatingAdmissionPolicyBinding')
      return { ...head, kind, spec: bindingSpec(spec) };
    return { ...head, kind, spec: policySpec(spec) };
  };
}

/** Either of a recorded snapshot, by the kind that it says it has. */
export function projectRecordedWebhookConfiguration(version: string) {
  return (item: unknown): WebhookConfiguration => {
    const object = Fields.of(item);
    const kind = object.choice('kind', WEBHOOK_KINDS);
    if (!kind) throw object.malformed('kind');
    return projectWebhookConfiguration(kind, version)(item);
  };
}

export function projectRecordedAdmissionPolicy(version: string) {
  return (item: unknown): AdmissionPolicy | AdmissionPolicyBinding => {
    const object = Fields.of(item);
    const kind = object.choice('kind', ADMISSION_POLICY_KINDS);
    if (!kind) throw object.malformed('kind');
    return projectAdmissionPolicy(kind, version)(item);
  };
}

function policySpec(spec: Fields): AdmissionPolicy['spec'] {
  const paramKind = spec.child('paramKind');
  return defined({
    failurePolicy: spec.text('failurePolicy'),
    matchConstraints: matchResources(spec.child('matchConstraints')),
    matchConditions: expressionsOf(spec, 'matchConditions'),
    variables: expressionsOf(spec, 'variables'),
    validations: spec.children('validations')?.map((validation) =>
      defined({
        expression: validation.needText('expression'),
        message: validation.text('message'),
        reason: validation.text('reason'),
      }),
    ),
    paramKind: paramKind && { apiVersion: paramKind.text('apiVersion') ?? '', kind: paramKind.text('kind') ?? '' },
  });
}

function bindingSpec(spec: Fields): AdmissionPolicyBinding['spec'] {
  return defined({
    policyName: spec.text('policyName') ?? '',
    validationActions: spec.texts('validationActions'),
    matchResources: matchResources(spec.child('matchResources')),
    paramRef: spec.json('paramRef'),
  });
}

function matchResources(fields: Fields | undefined): AdmissionPolicy['spec']['matchConstraints'] {
  return (
    fields &&
    defined({
      resourceRules: fields.children('resourceRules')?.map(admissionRule),
      excludeResourceRules: fields.children('excludeResourceRules')?.map(admissionRule),
      namespaceSelector: selectorOf(fields, 'namespaceSelector'),
      objectSelector: selectorOf(fields, 'objectSelector'),
      matchPolicy: fields.text('matchPolicy'),
    })
  );
}

export function projectApiService(version: string): (item: unknown) => ApiService {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.needChild('spec');
    const service = spec.child('service');
    return {
      apiVersion: `apiregistration.k8s.io/${version}`,
      kind: 'APIService',
      metadata: clusterMetadata(object),
      spec: defined({
        group: spec.text('group') ?? '',
        version: spec.text('version') ?? '',
        service: service && serviceOf(service),
      }),
    };
  };
}
