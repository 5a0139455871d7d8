import {
  type Evidence,
  type HelmRelease,
  type Kustomization,
  type Observation,
  fail,
  notApplicable,
  notEvaluated,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { TenantModel } from '../tenants/tenant-model.js';

type FluxObject = Kustomization | HelmRelease;

const SHOWN = 3;
const MAX_EVIDENCE = 5;

/** Where values come from, and where in the object that stands. */
interface SecretSource {
  readonly name: string;
  readonly pointer: string;
}

/** The Secrets that an object takes values from by `substituteFrom` or `valuesFrom`. */
function secretSources(object: FluxObject): readonly SecretSource[] {
  const [list = [], base] =
    object.kind === 'Kustomization'
      ? [object.spec.postBuild?.substituteFrom, '/spec/postBuild/substituteFrom']
      : [object.spec.valuesFrom, '/spec/valuesFrom'];
  return list.flatMap(({ kind, name }, index) =>
    kind === 'Secret' ? [{ name, pointer: `${base}/${index}/name` }] : [],
  );
}

interface Rendered {
  readonly id: string;
  readonly index: number;
  readonly namespace: string;
}

/** Of an inventory, whose ids are `<namespace>_<name>_<group>_<kind>`, the objects of a core kind. */
function ofKind(entries: readonly { readonly id: string }[], kind: 'Secret' | 'ConfigMap'): readonly Rendered[] {
  const found: Rendered[] = [];
  for (const [index, { id }] of entries.entries()) {
    if (id.endsWith(`__${kind}`)) found.push({ id, index, namespace: id.slice(0, Math.max(0, id.indexOf('_'))) });
  }
  return found;
}

/**
 * Where the values of a Secret can have gone: into whatever was rendered. Which object holds them is not known, so what
 * the inventory leaves room for is judged. Nothing where no Secret is named.
 */
export function judgeRendered(object: FluxObject, model: TenantModel): readonly Observation[] {
  const [source] = secretSources(object);
  if (!source) return [];
  const { namespace = '', name } = object.metadata;
  const title = `${object.kind} ${namespace}/${name}`;
  const subject = subjectOf(object);
  const from = object.kind === 'Kustomization' ? 'substitutes values of the Secret' : 'takes values from the Secret';
  const said = `${title} ${from} ${namespace}/${excerpt(source.name)}`;
  const rendered = object.status?.inventory?.entries;
  if (!rendered) {
    if (object.kind === 'Kustomization' && object.status?.lastAppliedRevision === undefined) {
      return [notApplicable(subject, 'NOTHING_APPLIED', `${said}, and has applied nothing yet.`)];
    }
    const message = `${said}, and what it rendered is not known: it has no inventory. ${object.kind === 'HelmRelease' ? 'helm-controller writes one since Flux 2.8; upgrade, or look at the chart' : 'Look at what it applied'}.`;
    return [notEvaluated(subject, 'undecidable', 'NO_INVENTORY', message)];
  }
  const secrets = ofKind(rendered, 'Secret');
  const maps = ofKind(rendered, 'ConfigMap');
  if (secrets.length > 0 && maps.length === 0) {
    return [
      pass(subject, 'RENDERED_AS_SECRET', `${said} and renders Secrets, and no ConfigMap.`, {
        confidence: 'heuristic',
      }),
    ];
  }
  const own = model.tenantOf(namespace);
  const foreign = secrets.length > 0 ? [] : maps.filter((each) => foreignTenant(each, own?.name, model) !== undefined);
  const evidence = [
    evidenceOf(object, source),
    ...maps.slice(0, MAX_EVIDENCE).map((each) => renderedEvidence(object, each)),
  ] as const;
  const [first] = foreign;
  if (first) {
    const tenants = [...new Set(foreign.flatMap((each) => foreignTenant(each, own?.name, model) ?? []))];
    return [
      fail(
        subject,
        'SECRET_IN_CONFIGMAP',
        `${said}, and renders ConfigMaps but no Secret, into namespaces of ${tenants
          .slice(0, SHOWN)
          .map((tenant) => excerpt(tenant))
          .join(', ')}${tenants.length > SHOWN ? ` and ${tenants.length - SHOWN} more` : ''}. ` +
          'So the values of a Secret that those tenants cannot read may stand there in clear. ' +
          'Render secret values into Secrets only, and take harmless ones from a ConfigMap.',
        {
          severity: 'medium',
          confidence: 'heuristic',
          evidence: [evidence[0], renderedEvidence(object, first), ...evidence.slice(1)],
        },
      ),
    ];
  }
  const where =
    secrets.length > 0
      ? 'renders Secrets and ConfigMaps'
      : maps.length > 0
        ? 'renders ConfigMaps and no Secret'
        : 'renders no Secret';
  return [
    warn(
      subject,
      'SECRET_RENDERED',
      `${said} and ${where}. ` +
        'So its values may stand in objects that more people can read than Secrets. ' +
        'See which objects use them; render secret values into Secrets only, and take harmless ones from a ConfigMap.',
      { severity: 'low', confidence: 'heuristic', evidence },
    ),
  ];
}

/** The tenant in whose namespace an object is, where it is not the one that the values come from. */
function foreignTenant({ namespace }: Rendered, own: string | undefined, model: TenantModel): string | undefined {
  const tenant = model.tenantOf(namespace)?.name;
  return tenant === own ? undefined : tenant;
}

function evidenceOf(object: FluxObject, { name, pointer }: SecretSource): Evidence {
  return {
    object: objectReference(object),
    pointer,
    observed: excerpt(name),
    expected: 'a Secret whose values are rendered into Secrets only',
  };
}

function renderedEvidence(object: FluxObject, { id, index }: Rendered): Evidence {
  return {
    object: objectReference(object),
    pointer: `/status/inventory/entries/${index}/id`,
    observed: excerpt(id),
    expected: 'no object but Secrets that may hold these values',
  };
}
