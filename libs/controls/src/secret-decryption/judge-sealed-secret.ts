import {
  type Artifacts,
  type Collected,
  type Evidence,
  type Fix,
  type Observation,
  type SealedSecret,
  fail,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import { confidenceIn, describeTenants, tenantsEvidence, tenantsWhoMay } from './foreign-readers.js';
import type { SealedSecretsController } from './sealed-secrets-controller.js';

const CLUSTER_WIDE = 'sealedsecrets.bitnami.com/cluster-wide';
const NAMESPACE_WIDE = 'sealedsecrets.bitnami.com/namespace-wide';
const SCOPES = ['strict', 'namespace-wide', 'cluster-wide'] as const;
type Scope = (typeof SCOPES)[number];

type Annotations = Readonly<Record<string, string>> | undefined;

/** As the controller reads it: only the text "true" counts, and cluster-wide wins. */
function scopeOf(annotations: Annotations): Scope {
  if (annotations?.[CLUSTER_WIDE] === 'true') return 'cluster-wide';
  return annotations?.[NAMESPACE_WIDE] === 'true' ? 'namespace-wide' : 'strict';
}

/** An annotation that is there and has no effect. */
function ineffective(annotations: Annotations): string | undefined {
  return [CLUSTER_WIDE, NAMESPACE_WIDE].find(
    (key) => annotations?.[key] !== undefined && !['true', 'false', ''].includes(annotations[key]),
  );
}

/** What the verdict on a SealedSecret depends on. */
export interface SealedSurroundings {
  readonly model: TenantModel;
  readonly rbac: Collected<Artifacts['rbac']>;
  readonly accessReviews: Collected<Artifacts['accessReviews']>;
  /** By namespace: tenants of others that something may let create SealedSecrets there. */
  readonly guests: ReadonlyMap<string, readonly Tenant[]>;
  /** Absent where there is none, or more than one. */
  readonly controller: SealedSecretsController | undefined;
}

function escaped(key: string): string {
  return key.replaceAll('/', '~1');
}

function annotationEvidence(object: SealedSecret, field: 'metadata' | 'template', key: string): Evidence {
  const [base, annotations] =
    field === 'metadata'
      ? ['/metadata/annotations', object.metadata.annotations]
      : ['/spec/templateAnnotations', object.spec.templateAnnotations];
  return {
    object: objectReference(object),
    pointer: `${base}/${escaped(key)}`,
    observed: excerpt(annotations?.[key] ?? ''),
    expected: 'absent: the strict scope',
  };
}

function reseal({ metadata }: SealedSecret, { controller }: SealedSurroundings): Fix {
  const { namespace, name } = metadata;
  const where = controller
    ? `--controller-namespace ${controller.namespace} --controller-name ${controller.owner.name} `
    : '';
  return {
    form: 'steps',
    title: `Seal ${namespace}/${name} again, for this name and namespace alone`,
    content:
      `kubectl --namespace ${namespace} create secret generic ${name} --from-file=<key>=<file> --dry-run=client --output yaml \\\n` +
      `  | kubeseal ${where}--scope strict --format yaml > ${name}.yaml\n` +
      '# Use a new value where others could read the old ciphertext: it stays valid for the scope that it was sealed for.\n',
  };
}

/** Which scope a SealedSecret can be unsealed in, and what that means where tenants share the cluster. */
export function judgeSealedSecret(object: SealedSecret, surroundings: SealedSurroundings): readonly Observation[] {
  const outer = scopeOf(object.metadata.annotations);
  const template = scopeOf(object.spec.templateAnnotations);
  const { namespace = '', name } = object.metadata;
  const title = `SealedSecret ${namespace}/${name}`;
  const subject = subjectOf(object);
  const judged = [
    ...(outer === 'cluster-wide' ? [clusterWide(object, title, surroundings)] : []),
    ...(outer === 'namespace-wide' ? [namespaceWide(object, title, surroundings)] : []),
    ...(SCOPES.indexOf(template) > SCOPES.indexOf(outer) ? [mismatch(object, title, template, surroundings)] : []),
  ];
  const scope = judged.length > 0 ? judged : [strict(object, title)];
  if (!object.spec.hasDeprecatedData) return scope;
  return [
    ...scope,
    warn(
      subject,
      'DEPRECATED_DATA',
      `${title} uses spec.data, the deprecated form, which is not bound to its keys and is refused by a controller that runs with --accept-deprecated-v1-data=false. ` +
        'Newer controllers may drop it. Seal the values again, which gives spec.encryptedData.',
      {
        severity: 'low',
        evidence: [
          {
            object: objectReference(object),
            pointer: '/spec/hasDeprecatedData',
            observed: true,
            expected: 'spec.encryptedData',
          },
        ],
        fixes: [reseal(object, surroundings)],
      },
    ),
  ];
}

function strict(object: SealedSecret, title: string): Observation {
  const key = ineffective(object.metadata.annotations);
  const said = `${title} can be unsealed in its namespace and under its name only.`;
  if (key === undefined) return pass(subjectOf(object), 'STRICT', said);
  const value = excerpt(object.metadata.annotations?.[key] ?? '');
  return pass(
    subjectOf(object),
    'INEFFECTIVE_ANNOTATION',
    `${said} Its annotation ${key}: "${value}" has no effect: only "true" counts.`,
  );
}

function isShared({ model }: SealedSurroundings): boolean {
  return model.tenancy.severalTenants === 'yes';
}

function clusterWide(object: SealedSecret, title: string, surroundings: SealedSurroundings): Observation {
  const shared = isShared(surroundings);
  const message =
    `${title} is sealed for the whole cluster. ` +
    `${shared ? 'Whoever can read its ciphertext and create SealedSecrets in any namespace, another tenant too, has its values' : 'It is bound to no namespace and no name'}. ` +
    'Seal it again with the strict scope, and change values that others could read.';
  const details = {
    evidence: [annotationEvidence(object, 'metadata', CLUSTER_WIDE)],
    fixes: [reseal(object, surroundings)],
    confidence: shared ? surroundings.model.confidence : 'proven',
  } as const;
  return shared
    ? fail(subjectOf(object), 'CLUSTER_WIDE', message, { severity: 'high', ...details })
    : warn(subjectOf(object), 'CLUSTER_WIDE', message, { severity: 'medium', ...details });
}

function namespaceWide(object: SealedSecret, title: string, surroundings: SealedSurroundings): Observation {
  const { model, rbac, accessReviews } = surroundings;
  const { namespace = '' } = object.metadata;
  const subject = subjectOf(object);
  const own = model.tenants.filter(({ namespaces }) => namespaces.includes(namespace));
  const evidence = [annotationEvidence(object, 'metadata', NAMESPACE_WIDE)] as const;
  const fixes = [reseal(object, surroundings)];
  const todo = 'Seal it again with the strict scope.';
  const what = `${title} is sealed for its whole namespace, under any name.`;
  if (own.length > 1) {
    const names = own.map((tenant) => excerpt(tenant.name)).join(', ');
    const message = `${what} Several tenants live there: ${names}. ${todo}`;
    return fail(subject, 'NAMESPACE_WIDE', message, {
      severity: 'medium',
      evidence,
      fixes,
      confidence: model.confidence,
    });
  }
  if (isShared(surroundings)) {
    if (rbac.state === 'unavailable') return notEvaluatedBecause(subject, rbac);
    const others = surroundings.guests.get(namespace) ?? [];
    const request = { verb: 'create', group: 'bitnami.com', resource: 'sealedsecrets', namespace };
    const found = tenantsWhoMay(others, [request], rbac.value, accessReviews);
    if (found.length > 0) {
      const message = `${what} Others may create SealedSecrets there, and so unseal it: ${describeTenants(found)}. ${todo}`;
      return fail(subject, 'NAMESPACE_WIDE', message, {
        severity: 'medium',
        evidence: [...evidence, ...tenantsEvidence(found, model, 'no right for other tenants')],
        fixes,
        confidence: confidenceIn(found, model),
      });
    }
  }
  const message = `${what} Whoever may create SealedSecrets in ${namespace} can give its values another name. ${todo}`;
  return warn(subject, 'NAMESPACE_WIDE', message, { severity: 'low', evidence, fixes });
}

function mismatch(object: SealedSecret, title: string, template: Scope, surroundings: SealedSurroundings): Observation {
  const wide = template === 'cluster-wide';
  const key = wide ? CLUSTER_WIDE : NAMESPACE_WIDE;
  const message =
    `The template of ${title} says ${template}, and the object itself does not. ` +
    `Its ciphertext may have been sealed ${template}: then ${wide ? 'a copy with the annotation is unsealed in any namespace' : 'a copy with the annotation is unsealed under any name of the namespace'}. ` +
    'Seal it again with the strict scope, and remove the annotation from the template.';
  const details = {
    evidence: [annotationEvidence(object, 'template', key)],
    fixes: [reseal(object, surroundings)],
    confidence: 'derived',
  } as const;
  return wide && isShared(surroundings)
    ? fail(subjectOf(object), 'SCOPE_MISMATCH', message, { severity: 'high', ...details })
    : warn(subjectOf(object), 'SCOPE_MISMATCH', message, { severity: 'medium', ...details });
}
