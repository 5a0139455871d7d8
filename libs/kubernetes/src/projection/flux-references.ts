import type {
  CrossNamespaceReference,
  DependencyReference,
  KubeConfigReference,
  SourceVerification,
  ValuesReference,
} from '#libs/core';
import { defined, type Fields } from './fields.js';
import { conditions } from './metadata.js';

export function commonStatus(status: Fields) {
  return { observedGeneration: status.count('observedGeneration'), conditions: conditions(status) };
}

export function named(fields: Fields | undefined): { name: string } | undefined {
  return fields && { name: fields.needText('name') };
}

export function kubeConfig(fields: Fields | undefined): KubeConfigReference | undefined {
  const secret = fields?.child('secretRef');
  return (
    fields &&
    defined({
      secretRef: secret && defined({ name: secret.needText('name'), key: secret.text('key') }),
      configMapRef: named(fields.child('configMapRef')),
    })
  );
}

export function reference(fields: Fields | undefined): CrossNamespaceReference | undefined {
  return fields && crossNamespaceReference(fields);
}

export function crossNamespaceReference(fields: Fields): CrossNamespaceReference {
  return defined({
    apiVersion: fields.text('apiVersion'),
    kind: fields.needText('kind'),
    name: fields.needText('name'),
    namespace: fields.text('namespace'),
  });
}

export function dependency(fields: Fields): DependencyReference {
  return defined({
    name: fields.needText('name'),
    namespace: fields.text('namespace'),
    readyExpr: fields.text('readyExpr'),
  });
}

/** Where values come from; never the values. */
export function valuesReference(fields: Fields): ValuesReference {
  return defined({
    kind: fields.needText('kind'),
    name: fields.needText('name'),
    optional: fields.flag('optional'),
    targetPath: fields.text('targetPath'),
  });
}

export function verification(fields: Fields | undefined): SourceVerification | undefined {
  return (
    fields &&
    defined({
      provider: fields.text('provider'),
      mode: fields.text('mode'),
      secretRef: named(fields.child('secretRef')),
      matchOIDCIdentity: fields
        .children('matchOIDCIdentity')
        ?.map((identity) => defined({ issuer: identity.text('issuer'), subject: identity.text('subject') })),
    })
  );
}

/**
 * Kinds whose ids are kept of an inventory of thousands: Deployments tell which Kustomization manages Flux itself, Flux
 * objects who made them, Secrets whether any came unencrypted, the rest whether access is kept as declared.
 */
const INVENTORY =
  /_(?:apps_Deployment|_Secret|_ServiceAccount|(?:kustomize|helm)\.toolkit\.fluxcd\.io_\w+|rbac\.authorization\.k8s\.io_\w+|admissionregistration\.k8s\.io_\w+)$/;

/** `status.inventory`, reduced. https://fluxcd.io/flux/components/kustomize/kustomizations/#inventory */
export function inventory(status: Fields): { entries: { id: string; v?: string }[] } | undefined {
  const entries = status.child('inventory')?.children('entries');
  return (
    entries && {
      entries: entries.flatMap((entry) => {
        const id = entry.needText('id');
        return INVENTORY.test(id) ? [defined({ id, v: entry.text('v') })] : [];
      }),
    }
  );
}
