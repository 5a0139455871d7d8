import type { ArtifactGenerator } from '#libs/core';
import { defined, Fields } from './fields.js';
import { commonStatus, crossNamespaceReference } from './flux-references.js';
import { namespacedMetadata } from './metadata.js';

/** Which sources an ArtifactGenerator takes from; what it copies where is not kept. */
export function projectArtifactGenerator(version: string): (item: unknown) => ArtifactGenerator {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.needChild('spec');
    const status = object.child('status');
    return defined({
      apiVersion: `source.extensions.fluxcd.io/${version}`,
      kind: 'ArtifactGenerator',
      metadata: namespacedMetadata(object),
      spec: defined({
        suspend: spec.flag('suspend'),
        sources: spec
          .children('sources')
          ?.map((source) => defined({ ...crossNamespaceReference(source), alias: source.text('alias') })),
      }),
      status: status && defined(commonStatus(status)),
    });
  };
}
