import type { SealedSecret } from '#libs/core';
import { defined, Fields } from './fields.js';
import { namespacedMetadata } from './metadata.js';

const SCOPE = 'sealedsecrets.bitnami.com/';

/** The scope of a SealedSecret, outside and in its template. What is sealed is never kept, though nobody could open it. */
export function projectSealedSecret(version: string): (item: unknown) => SealedSecret {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.child('spec') ?? Fields.of({});
    const isScope = (key: string) => key.startsWith(SCOPE);
    return {
      apiVersion: `bitnami.com/${version}`,
      kind: 'SealedSecret',
      metadata: namespacedMetadata(object),
      spec: defined({
        templateAnnotations:
          spec.child('template')?.child('metadata')?.textMap('annotations', isScope) ??
          spec.textMap('templateAnnotations', isScope),
        hasDeprecatedData: (spec.text('data') ?? '') !== '' || spec.flag('hasDeprecatedData') || undefined,
      }),
    };
  };
}
