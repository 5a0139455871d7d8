import {
  type Evidence,
  type HelmRelease,
  type Observation,
  fail,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';

const NAMESPACES = ['targetNamespace', 'storageNamespace'] as const;
const CORRECTED = 'enabled';

/** What is to be said about the options of one HelmRelease. `tenant` undefined = the platform's. */
export function judgeRelease(
  release: HelmRelease,
  tenant: Tenant | undefined,
  model: TenantModel,
): readonly Observation[] {
  const found = [
    ...(tenant ? [...outside(release, tenant, model), ...replacedCrds(release, tenant)] : driftDetection(release)),
    ...relaxed(release),
  ];
  if (found.length > 0) return found;
  const message = `${titleOf(release)} has no option that reaches beyond its place or switches a safety off. There is nothing to do.`;
  return [pass(subjectOf(release), 'OPTIONS_SOUND', message)];
}

function titleOf({ metadata }: HelmRelease): string {
  return `HelmRelease ${excerpt(`${metadata.namespace ?? ''}/${metadata.name}`, 140)}`;
}

function evidenceOf(
  release: HelmRelease,
  pointer: string,
  observed: Evidence['observed'],
  expected: string,
): readonly [Evidence] {
  return [{ object: objectReference(release), pointer, observed, expected }];
}

/** A release of a tenant that goes, or keeps its state, where the tenant is not at home. Elsewhere than here is RA's. */
function outside(release: HelmRelease, tenant: Tenant, { confidence }: TenantModel): readonly Observation[] {
  if (release.spec.kubeConfig) return [];
  return NAMESPACES.flatMap((field) => {
    const namespace = release.spec[field];
    if (namespace === undefined || namespace === '' || tenant.namespaces.includes(namespace)) return [];
    const name = excerpt(namespace, 80);
    const [what, reason] =
      field === 'targetNamespace'
        ? [`installs into the namespace ${name}`, 'TARGET_OUTSIDE_TENANT']
        : [`keeps its state, with all its values, in Secrets of the namespace ${name}`, 'STORAGE_OUTSIDE_TENANT'];
    const message =
      `${titleOf(release)} of ${excerpt(tenant.name, 80)} ${what}, which is none of the tenant's. If the account that it acts as may do that, it changes what belongs to others. ` +
      `Remove spec.${field}, or name a namespace of ${excerpt(tenant.name, 80)}; let the release act as an account that has rights there alone.`;
    const expected = `a namespace of ${excerpt(tenant.name, 80)}`;
    return [
      fail(subjectOf(release), reason, message, {
        confidence,
        evidence: evidenceOf(release, `/spec/${field}`, name, expected),
      }),
    ];
  });
}

/** CustomResourceDefinitions are of the whole cluster. */
function replacedCrds(release: HelmRelease, tenant: Tenant): readonly Observation[] {
  const action = (['install', 'upgrade'] as const).find((each) => release.spec[each]?.crds === 'CreateReplace');
  if (!action) return [];
  const message =
    `${titleOf(release)} of ${excerpt(tenant.name, 80)} replaces CustomResourceDefinitions with those of its chart (${action}.crds: CreateReplace). They are of the whole cluster, so objects of others may lose fields or become invalid. ` +
    'Let the platform install them, and set crds to Skip.';
  return [
    warn(subjectOf(release), 'CRDS_REPLACED', message, {
      severity: 'medium',
      evidence: evidenceOf(release, `/spec/${action}/crds`, 'CreateReplace', 'Skip, or Create'),
    }),
  ];
}

/** Off by default: https://fluxcd.io/flux/components/helm/helmreleases/#drift-detection */
function driftDetection(release: HelmRelease): readonly Observation[] {
  const mode = release.spec.driftDetection?.mode;
  if (mode === CORRECTED) return [];
  const set = release.spec.driftDetection !== undefined;
  const state =
    mode === 'warn'
      ? 'reports drift of what it installed and does not correct it'
      : 'does not look for drift of what it installed';
  const message =
    `${titleOf(release)} is of the platform and ${state}. What somebody changes by hand stays until the next release of the chart. ` +
    'Set spec.driftDetection.mode to enabled, and list fields that others may change under ignore.';
  return [
    warn(subjectOf(release), 'DRIFT_NOT_CORRECTED', message, {
      severity: 'low',
      evidence: evidenceOf(
        release,
        set ? '/spec/driftDetection/mode' : '/spec/driftDetection',
        mode === undefined ? null : excerpt(mode, 40),
        'mode: enabled',
      ),
    }),
  ];
}

/** Safeties that are switched off. */
function relaxed(release: HelmRelease): readonly Observation[] {
  const found: Observation[] = [];
  const action = (['install', 'upgrade'] as const).find(
    (each) => release.spec[each]?.disableOpenAPIValidation === true,
  );
  if (action) {
    const message =
      `${titleOf(release)} does not check its manifests against the schema of the cluster (${action}.disableOpenAPIValidation). Fields that are misspelt, in a securityContext too, are dropped without a word. ` +
      'Remove the option, and correct the chart.';
    found.push(
      warn(subjectOf(release), 'VALIDATION_OFF', message, {
        severity: 'low',
        evidence: evidenceOf(release, `/spec/${action}/disableOpenAPIValidation`, true, 'false or absent'),
      }),
    );
  }
  if (release.spec.upgrade?.force === true) {
    const message =
      `${titleOf(release)} replaces objects that cannot be changed in place (upgrade.force). They are deleted and made again, with what belongs to them. ` +
      'Remove the option, and set it for the one upgrade that needs it.';
    found.push(
      warn(subjectOf(release), 'FORCED_UPGRADE', message, {
        severity: 'low',
        evidence: evidenceOf(release, '/spec/upgrade/force', true, 'false or absent'),
      }),
    );
  }
  return found;
}
