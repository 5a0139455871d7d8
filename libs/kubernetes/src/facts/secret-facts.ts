import type { KubeConfigFacts, SecretFacts } from '#libs/core';
import { kubeConfigKey } from '#libs/flux';
import { ClusterError } from '../cluster-error.js';
import { defined, Fields } from '../projection/fields.js';
import { namespacedMetadata } from '../projection/metadata.js';
import { hasPath, originOf } from '../projection/urls.js';
import { ageRecipients } from './age-recipients.js';
import { kubeConfigFacts, type Digest } from './kubeconfig-facts.js';
import { pgpFingerprints } from './pgp-fingerprints.js';

/** What a Secret is referred to as, and so what is looked at in it. */
export interface SecretUse {
  /** Keys that references name for a kubeconfig; the empty text where one names none. */
  readonly kubeConfigKeys: readonly string[];
  readonly isDecryption: boolean;
  readonly isProvider: boolean;
}

/** The API server takes Secrets of up to 1 MiB; base64 makes a third more of that. */
const MAX_DATA = 2 * 1024 ** 2;
const MAX_KEYS = 1_000;
/** https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/ */
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * What is kept of a Secret that was read by name; its values are gone when this returns.
 *
 * @param digest keyed by this snapshot, so that what is kept tells nothing elsewhere
 * @throws {ClusterError} `malformed`, naming no part of a value
 */
export function secretFacts(item: unknown, use: SecretUse, digest: Digest): SecretFacts {
  const object = Fields.of(item);
  const data = secretData(object);
  const keys = [...data.keys()].toSorted();
  const address = use.isProvider ? addressOf(data.get('address')) : undefined;
  return defined({
    // Who wrote it, and when, tells whether somebody rotates it.
    metadata: namespacedMetadata(object, { managedFields: true }),
    type: object.text('type'),
    keys,
    digest: digest(keys.flatMap((key) => [key, data.get(key)?.toString('base64') ?? ''])),
    lengths: Object.fromEntries(keys.map((key) => [key, data.get(key)?.length ?? 0])),
    ...kubeConfigsOf(data, keys, use, digest),
    decryption: use.isDecryption ? { recipients: recipientsOf(data) } : undefined,
    address,
  });
}

/** The decoded data of a Secret. Throws `malformed`, naming no part of a value. */
export function secretData(object: Fields): ReadonlyMap<string, Buffer> {
  const data = object.child('data');
  const keys = data?.keys() ?? [];
  if (keys.length > MAX_KEYS) throw new ClusterError('malformed', { detail: 'data' });
  const found = new Map<string, Buffer>();
  let size = 0;
  for (const key of keys) {
    const value = data?.raw(key) ?? '';
    if (!KEY.test(key) || typeof value !== 'string') throw new ClusterError('malformed', { detail: 'data' });
    size += value.length;
    if (size > MAX_DATA || !BASE64.test(value)) throw new ClusterError('malformed', { detail: 'data' });
    found.set(key, Buffer.from(value, 'base64'));
  }
  return found;
}

function kubeConfigsOf(
  data: ReadonlyMap<string, Buffer>,
  keys: readonly string[],
  { kubeConfigKeys }: SecretUse,
  digest: Digest,
): Pick<SecretFacts, 'kubeConfig' | 'kubeConfigs'> {
  const found = kubeConfigKeys.toSorted().flatMap((named): [string, KubeConfigFacts][] => {
    const key = kubeConfigKey(keys, named);
    const bytes = key === undefined ? undefined : data.get(key);
    return bytes === undefined ? [] : [[named, kubeConfigFacts(bytes, digest)]];
  });
  const [first] = found;
  return {
    ...(first && { kubeConfig: first[1] }),
    ...(kubeConfigKeys.length > 1 && { kubeConfigs: Object.fromEntries(found) }),
  };
}

/** Public halves of the keys, where kustomize-controller looks for them: `*.agekey` and `*.asc`. */
function recipientsOf(data: ReadonlyMap<string, Buffer>): readonly string[] {
  const found = [...data].flatMap(([key, value]) => {
    if (key.endsWith('.agekey')) return ageRecipients(value.toString('utf8'));
    return key.endsWith('.asc') ? pgpFingerprints(value.toString('latin1')) : [];
  });
  return [...new Set(found)].toSorted();
}

function addressOf(value: Buffer | undefined): SecretFacts['address'] {
  const address = value?.toString('utf8').trim() ?? '';
  const origin = originOf(address);
  return origin === undefined ? undefined : { origin, hasPath: hasPath(address) };
}
