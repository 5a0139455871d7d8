const FLUX_COMPONENTS = [
  'source-controller',
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
  'image-reflector-controller',
  'image-automation-controller',
] as const;
export type FluxComponent = (typeof FLUX_COMPONENTS)[number];

/** What `flux install` installs unless asked for more. */
export const DEFAULT_COMPONENTS: readonly FluxComponent[] = FLUX_COMPONENTS.slice(0, 4);

/** Controller versions of some Flux releases, from the release notes of fluxcd/flux2. */
const RELEASES = {
  'v2.9.4': ['v1.9.4', 'v1.9.4', 'v1.6.3', 'v1.9.3', 'v1.2.4', 'v1.2.4'],
  'v2.8.8': ['v1.8.5', 'v1.8.5', 'v1.5.5', 'v1.8.4', 'v1.1.2', 'v1.1.4'],
  'v2.6.4': ['v1.6.2', 'v1.6.1', 'v1.3.0', 'v1.6.0', 'v0.35.2', 'v0.41.2'],
  'v0.26.0': ['v0.21.1', 'v0.20.0', 'v0.16.0', 'v0.21.0', 'v0.16.0', 'v0.20.0'],
} as const satisfies Record<string, readonly string[]>;
export type FluxRelease = keyof typeof RELEASES;

export function componentVersion(release: FluxRelease, component: FluxComponent): string {
  return RELEASES[release][FLUX_COMPONENTS.indexOf(component)] ?? '';
}

/**
 * How much of Flux's multi-tenancy lock-down is switched on
 * (https://fluxcd.io/flux/installation/configuration/multitenancy/ and …/workload-identity/).
 */
export type LockDown =
  | 'none'
  /** No references across namespaces, no remote bases, and a default service account to impersonate. */
  | 'multiTenancy'
  /** The same, and object-level workload identity with its default accounts (Flux 2.7 and newer). */
  | 'full';

/** The arguments that `flux install` writes, then those of the lock-down. */
export function componentArguments(component: FluxComponent, release: FluxRelease, lockDown: LockDown): string[] {
  const domain = release === 'v0.26.0' ? 'svc.cluster.local/' : 'svc.cluster.local./';
  const events = `--events-addr=http://notification-controller.$(RUNTIME_NAMESPACE).${domain}`;
  return [
    ...(component === 'notification-controller' ? [] : [events]),
    '--watch-all-namespaces=true',
    '--log-level=info',
    '--log-encoding=json',
    '--enable-leader-election',
    ...(component === 'source-controller'
      ? ['--storage-path=/data', `--storage-adv-addr=source-controller.$(RUNTIME_NAMESPACE).${domain.slice(0, -1)}`]
      : []),
    ...(lockDown === 'none' ? [] : (MULTI_TENANCY[component] ?? [])),
    ...(lockDown === 'full' ? (WORKLOAD_IDENTITY[component] ?? []) : []),
  ];
}

const NO_CROSS_NAMESPACE = '--no-cross-namespace-refs=true';

const MULTI_TENANCY: Readonly<Partial<Record<FluxComponent, readonly string[]>>> = {
  'kustomize-controller': [NO_CROSS_NAMESPACE, '--no-remote-bases=true', '--default-service-account=default'],
  'helm-controller': [NO_CROSS_NAMESPACE, '--default-service-account=default'],
  'notification-controller': [NO_CROSS_NAMESPACE],
  'image-reflector-controller': [NO_CROSS_NAMESPACE],
  'image-automation-controller': [NO_CROSS_NAMESPACE],
};

const GATE = '--feature-gates=ObjectLevelWorkloadIdentity=true';

const WORKLOAD_IDENTITY: Readonly<Record<FluxComponent, readonly string[]>> = {
  'source-controller': [GATE, '--default-service-account=default'],
  'kustomize-controller': [
    GATE,
    '--default-decryption-service-account=default',
    '--default-kubeconfig-service-account=default',
  ],
  'helm-controller': [GATE, '--default-kubeconfig-service-account=default'],
  'notification-controller': [GATE, '--default-service-account=default'],
  'image-reflector-controller': [GATE, '--default-service-account=default'],
  'image-automation-controller': [GATE, '--default-service-account=default'],
};
