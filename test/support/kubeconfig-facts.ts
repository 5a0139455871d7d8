import { ago } from './remote-apply-objects.js';

/** Facts of a Secret that holds a kubeconfig: sound, with a token good for an hour, where nothing else is said. */
export const kubeSecret = (
  config: object | undefined = {},
  {
    name = 'kubeconfig',
    namespace = 'spoke-a',
    metadata = {},
    ...more
  }: {
    readonly name?: string;
    readonly namespace?: string;
    readonly metadata?: object;
    readonly [field: string]: unknown;
  } = {},
): object => ({
  apiVersion: 'v1',
  kind: 'SecretFacts',
  metadata: { name, namespace, creationTimestamp: ago('1d'), ...metadata },
  type: 'Opaque',
  keys: ['value'],
  digest: `${namespace}/${name}`,
  lengths: { value: 2000 },
  ...(config && {
    kubeConfig: {
      server: 'https://10.0.0.1:6443',
      caSpkiSha256: 'aa',
      hasCaData: true,
      fields: ['certificate-authority-data', 'token'],
      credentialDigest: `${namespace}/${name}`,
      token: {
        kind: 'jwt',
        issuer: 'https://issuer.example',
        subject: 'system:serviceaccount:flux:remote',
        issuedAt: ago('1h'),
        expiresAt: '2026-11-20T12:00:00Z',
      },
      ...config,
    },
  }),
  ...more,
});

/** Facts of a ConfigMap for workload identity, sound where nothing else is said. */
export const kubeMap = (fields: object = {}, name = 'kubeconfig', namespace = 'spoke-a'): object => ({
  apiVersion: 'v1',
  kind: 'KubeConfigMapFacts',
  metadata: { name, namespace },
  provider: 'generic',
  address: 'https://10.0.0.1:6443',
  hasCa: true,
  caSpkiSha256: 'aa',
  serviceAccountName: 'platform',
  ...fields,
});

/** A cluster of the registry at 10.0.0.1 with the CA `aa`, where nothing else is said. */
export const fleetCluster = (name: string, fields: object = {}): object => ({
  kind: 'FleetCluster',
  name,
  role: 'tenant',
  server: 'https://10.0.0.1:6443',
  caSpkiSha256: 'aa',
  tenants: [],
  ...fields,
});

export const HUB = fleetCluster('hub', {
  role: 'management',
  self: true,
  server: 'https://hub.example.com:6443',
  caSpkiSha256: 'hub',
});

export const byMap = { kubeConfig: { configMapRef: { name: 'kubeconfig' } } };
