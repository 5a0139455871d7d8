import type { ImagePolicy, ImageRepository, ImageUpdateAutomation } from '#libs/core';
import { defined, Fields, filled } from './fields.js';
import { commonStatus, named, reference } from './flux-references.js';
import { namespacedMetadata } from './metadata.js';
import { selectorObject } from './selectors.js';

const GROUP = 'image.toolkit.fluxcd.io';

export function projectImageRepository(version: string): (item: unknown) => ImageRepository {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.needChild('spec');
    const accessFrom = spec.child('accessFrom');
    return defined({
      apiVersion: `${GROUP}/${version}`,
      kind: 'ImageRepository',
      metadata: namespacedMetadata(object),
      spec: defined({
        image: spec.text('image'),
        suspend: spec.flag('suspend'),
        insecure: spec.flag('insecure'),
        provider: spec.text('provider'),
        serviceAccountName: spec.text('serviceAccountName'),
        secretRef: named(spec.child('secretRef')),
        accessFrom:
          accessFrom && defined({ namespaceSelectors: accessFrom.children('namespaceSelectors')?.map(selectorObject) }),
      }),
      status: statusOf(object),
    });
  };
}

export function projectImagePolicy(version: string): (item: unknown) => ImagePolicy {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.needChild('spec');
    const repository = spec.child('imageRepositoryRef');
    return defined({
      apiVersion: `${GROUP}/${version}`,
      kind: 'ImagePolicy',
      metadata: namespacedMetadata(object),
      spec: defined({
        suspend: spec.flag('suspend'),
        imageRepositoryRef:
          repository && defined({ name: repository.needText('name'), namespace: repository.text('namespace') }),
        digestReflectionPolicy: spec.text('digestReflectionPolicy'),
      }),
      status: statusOf(object),
    });
  };
}

/** Where it writes and how it signs; authors, templates and the values of push options are not kept. */
export function projectImageUpdateAutomation(version: string): (item: unknown) => ImageUpdateAutomation {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.needChild('spec');
    return defined({
      apiVersion: `${GROUP}/${version}`,
      kind: 'ImageUpdateAutomation',
      metadata: namespacedMetadata(object),
      spec: defined({
        suspend: spec.flag('suspend'),
        sourceRef: reference(spec.child('sourceRef')),
        git: spec.has('git') ? gitOf(spec.needChild('git')) : undefined,
        updatePath: spec.child('update')?.text('path') ?? spec.text('updatePath'),
      }),
      status: statusOf(object),
    });
  };
}

/** A recorded object has the flat fields. */
function gitOf(git: Fields): NonNullable<ImageUpdateAutomation['spec']['git']> {
  const push = git.child('push');
  const options = push?.child('options')?.keys();
  const signingKey = git.child('commit')?.child('signingKey') ?? git.child('signingKey');
  return defined({
    checkoutBranch: git.child('checkout')?.child('ref')?.text('branch') ?? git.text('checkoutBranch'),
    pushBranch: push?.text('branch') ?? git.text('pushBranch'),
    pushRefspec: push?.text('refspec') ?? git.text('pushRefspec'),
    pushOptions: options?.length ? options : git.texts('pushOptions'),
    signingKey: signingKey && defined({ secretRef: named(signingKey.child('secretRef')) }),
  });
}

function statusOf(object: Fields) {
  const status = object.child('status');
  return status && filled(commonStatus(status));
}
