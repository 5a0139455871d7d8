import type { CrossNamespaceReference, DependencyReference, KubeConfigReference } from '#libs/core';
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
