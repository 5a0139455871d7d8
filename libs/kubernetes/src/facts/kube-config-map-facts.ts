import type { KubeConfigMapFacts } from '#libs/core';
import { caSpkiSha256 } from '../access/ca-spki.js';
import { defined, Fields } from '../projection/fields.js';
import { namespacedMetadata } from '../projection/metadata.js';
import { plainUrl } from '../projection/urls.js';

const MAX_TEXT = 1_024;
const MAX_AUDIENCES = 100;

/** What a ConfigMap of `spec.kubeConfig.configMapRef` says. https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters */
export function kubeConfigMapFacts(item: unknown): KubeConfigMapFacts {
  const object = Fields.of(item);
  const data = object.child('data') ?? Fields.of({});
  const [address, ca] = [data.text('address'), data.text('ca.crt')];
  // One on each line.
  const audiences = (data.text('audiences') ?? '')
    .split('\n', MAX_AUDIENCES)
    .map((line) => line.trim().slice(0, MAX_TEXT))
    .filter((line) => line !== '');
  return defined({
    metadata: namespacedMetadata(object),
    provider: shortText(data, 'provider'),
    cluster: shortText(data, 'cluster'),
    address: address === undefined ? undefined : plainUrl(address).slice(0, MAX_TEXT),
    hasCa: ca === undefined ? undefined : ca !== '',
    caSpkiSha256: ca === undefined ? undefined : caSpkiSha256(ca),
    audiences: audiences.length > 0 ? audiences : undefined,
    serviceAccountName: shortText(data, 'serviceAccountName'),
  });
}

function shortText(data: Fields, key: string): string | undefined {
  return data.text(key)?.slice(0, MAX_TEXT);
}
