import type { Source, SourceKind } from '#libs/core';
import { defined, Fields } from './fields.js';
import { commonStatus, named, reference, verification } from './flux-references.js';
import { namespacedMetadata } from './metadata.js';
import { hasUserInfo, plainEndpoint, plainUrl } from './urls.js';

export function projectSource(kind: SourceKind, version: string): (item: unknown) => Source {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.child('spec') ?? Fields.of({});
    const status = object.child('status');
    const [url, endpoint] = [spec.text('url'), spec.text('endpoint')];
    const stsEndpoint = spec.child('sts')?.text('endpoint') ?? spec.text('stsEndpoint');
    return defined({
      apiVersion: `source.toolkit.fluxcd.io/${version}`,
      kind,
      metadata: namespacedMetadata(object),
      spec: defined({
        interval: spec.text('interval'),
        timeout: spec.text('timeout'),
        suspend: spec.flag('suspend'),
        url: url === undefined ? undefined : plainUrl(url),
        type: spec.text('type'),
        provider: spec.text('provider'),
        serviceAccountName: spec.text('serviceAccountName'),
        ref: spec.textMap('ref'),
        sourceRef: reference(spec.child('sourceRef')),
        urlHadUserInfo: (url !== undefined && hasUserInfo(url)) || spec.flag('urlHadUserInfo') || undefined,
        endpoint: endpoint === undefined ? undefined : plainEndpoint(endpoint),
        bucketName: spec.text('bucketName'),
        insecure: spec.flag('insecure'),
        passCredentials: spec.flag('passCredentials'),
        verify: verification(spec.child('verify')),
        secretRef: named(spec.child('secretRef')),
        certSecretRef: named(spec.child('certSecretRef')),
        proxySecretRef: named(spec.child('proxySecretRef')),
        chart: spec.text('chart'),
        version: spec.text('version'),
        stsEndpoint: stsEndpoint === undefined ? undefined : plainEndpoint(stsEndpoint),
      }),
      status: status && sourceStatus(status),
    });
  };
}

function sourceStatus(status: Fields): NonNullable<Source['status']> {
  const artifact = status.child('artifact');
  return defined({
    ...commonStatus(status),
    artifact:
      artifact &&
      defined({
        revision: artifact.text('revision'),
        digest: artifact.text('digest'),
        lastUpdateTime: artifact.text('lastUpdateTime'),
      }),
  });
}
