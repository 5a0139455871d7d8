import { type FlagType, type FlagValue, setFlag } from '../arguments/flag-values.js';
import { COMPONENTS, type Component } from '../components.js';

export interface FlagDefinition {
  readonly name: string;
  readonly type: FlagType;
  /** As one would write it on the command line; empty for an empty text or list. */
  readonly default: string;
  /** An environment variable that replaces the default where it is not empty. */
  readonly env?: string;
}

/**
 * Which releases the tables below describe: what `--help` of each controller of this Flux release prints, in
 * `main.go` of each controller and in https://github.com/fluxcd/pkg (`runtime`, `cache`, `artifact`).
 */
export const FLAGS_AS_OF = { flux: '2.9.4', date: '2026-08-07' } as const;

/** `name type default`, one flag a line; `$NAME` after it = the environment variable. */
function table(text: string): readonly FlagDefinition[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', type = '', ...rest] = line.trim().split(' ');
      const env = rest.find((word) => word.startsWith('$'))?.slice(1);
      const fallback = rest.find((word) => !word.startsWith('$')) ?? '';
      return { name, type: type as FlagType, default: fallback, ...(env !== undefined && { env }) };
    });
}

/** Every controller. */
const COMMON = table(`
  enable-leader-election bool false
  feature-gates mapStringBool
  health-addr string :9440
  kube-api-burst int 300
  kube-api-qps float32 50
  leader-election-lease-duration duration 35s
  leader-election-release-on-cancel bool true
  leader-election-renew-deadline duration 30s
  leader-election-retry-period duration 5s
  log-encoding string json
  log-level string info
  max-retry-delay duration 15m0s
  metrics-addr string :8080
  min-retry-delay duration 750ms
  watch-all-namespaces bool true
  watch-configs-label-selector string reconcile.fluxcd.io/watch=Enabled
`);
const EVENTS = table('events-addr string');
const SELECTOR = table('watch-label-selector string');
const REFERENCES = table('no-cross-namespace-refs bool false');
const JITTER = table('interval-jitter-percentage uint8 5');
const DEFAULT_ACCOUNT = table('default-service-account string');
const KUBECONFIG = table(`
  default-kubeconfig-service-account string
  insecure-kubeconfig-exec bool false
  insecure-kubeconfig-tls bool false
`);
const TOKENS = table(`
  token-cache-max-duration duration 1h0m0s
  token-cache-max-size int 100
`);
const SSH = table(`
  ssh-hostkey-algos stringSlice
  ssh-kex-algos stringSlice
`);
const STORAGE = table(`
  artifact-digest-algo string sha256
  artifact-retention-records int 2
  artifact-retention-ttl duration 1m0s
  storage-address string :9090 $STORAGE_ADDRESS
  storage-adv-addr string $STORAGE_ADV_ADDR
  storage-path string /data $STORAGE_PATH
`);

const TABLES: Record<Component, readonly FlagDefinition[]> = {
  'source-controller': [
    ...COMMON.filter(({ name }) => name !== 'metrics-addr'),
    ...SELECTOR,
    ...JITTER,
    ...DEFAULT_ACCOUNT,
    ...TOKENS,
    ...SSH,
    ...STORAGE,
    ...table(`
      concurrent int 2
      events-addr string $EVENTS_ADDR
      helm-cache-max-size int 0
      helm-cache-purge-interval string 1m
      helm-cache-ttl string 15m
      helm-chart-file-max-size int64 5242880
      helm-chart-max-size int64 10485760
      helm-index-max-size int64 52428800
      metrics-addr string :8080 $METRICS_ADDR
      requeue-dependency duration 30s
    `),
  ],
  'kustomize-controller': [
    ...COMMON,
    ...EVENTS,
    ...SELECTOR,
    ...REFERENCES,
    ...JITTER,
    ...DEFAULT_ACCOUNT,
    ...KUBECONFIG,
    ...TOKENS,
    ...table(`
      concurrent int 4
      concurrent-ssa int 4
      custom-apply-stage-kinds string
      default-decryption-service-account string
      http-retry int 9
      no-remote-bases bool false
      override-manager stringArray
      requeue-dependency duration 30s
      sops-age-secret string
      sops-vault-configmap string
    `),
  ],
  'helm-controller': [
    ...COMMON,
    ...EVENTS,
    ...SELECTOR,
    ...REFERENCES,
    ...JITTER,
    ...DEFAULT_ACCOUNT,
    ...KUBECONFIG,
    ...TOKENS,
    ...table(`
      concurrent int 4
      graceful-shutdown-timeout duration 10m0s
      http-retry int 9
      http-timeout duration 30s
      oom-watch-current-memory-path string
      oom-watch-interval duration 500ms
      oom-watch-max-memory-path string
      oom-watch-memory-threshold uint8 95
      override-manager stringArray
      requeue-dependency duration 30s
      snapshot-digest-algo string sha256
    `),
  ],
  'notification-controller': [
    ...COMMON,
    ...REFERENCES,
    ...DEFAULT_ACCOUNT,
    ...TOKENS,
    ...table(`
      concurrent int 4
      events-addr string :9090
      export-http-path-metrics bool false
      rate-limit-interval duration 5m0s
      receiverAddr string :9292
    `),
  ],
  'image-reflector-controller': [
    ...COMMON,
    ...EVENTS,
    ...SELECTOR,
    ...REFERENCES,
    ...DEFAULT_ACCOUNT,
    ...TOKENS,
    ...table(`
      concurrent int 4
      gc-interval uint16 10
      requeue-dependency duration 30s
      storage-compression-threshold int 64
      storage-path string /data
      storage-value-log-file-size int64 268435456
    `),
  ],
  'image-automation-controller': [
    ...COMMON,
    ...EVENTS,
    ...SELECTOR,
    ...REFERENCES,
    ...DEFAULT_ACCOUNT,
    ...TOKENS,
    ...SSH,
    ...table('concurrent int 4'),
  ],
  'source-watcher': [
    ...COMMON,
    ...EVENTS,
    ...SELECTOR,
    ...REFERENCES,
    ...JITTER,
    ...STORAGE,
    ...table(`
      concurrent int 10
      http-retry int 9
      reconciliation-timeout duration 10m0s
      requeue-dependency duration 5s
    `),
  ],
};

const FLAGS = new Map(COMPONENTS.map((component) => [component, byName(TABLES[component])]));

function byName(definitions: readonly FlagDefinition[]): ReadonlyMap<string, FlagDefinition> {
  return new Map(definitions.map((definition) => [definition.name, definition]));
}

/** All flags of a controller, by name. */
export function flagsOf(component: Component): ReadonlyMap<string, FlagDefinition> {
  return FLAGS.get(component) ?? new Map();
}

/** The value of a flag that is not given. */
export function defaultValue({ type, default: text }: FlagDefinition): FlagValue {
  if (type === 'mapStringBool') return {};
  if (type === 'stringSlice' || type === 'stringArray') return [];
  return setFlag(type, text, undefined) ?? text;
}
