import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Manifest } from '../../lab/admin-client.js';
import type { LabHandle } from '../../lab/attach.js';
import { HELM_RELEASE, KUSTOMIZATION } from '../../lab/fleet.js';
import { installFlux, runPodsOf } from '../../lab/flux-install.js';
import { createAuditor } from '../../lab/identities.js';
import { startLab, type Lab, type RunningCluster } from '../../lab/lab.js';
import { canary } from './canaries.js';
import { TcpProxy } from './tcp-proxy.js';

const NAMESPACE = 'secretive';
const AUDITOR = 'system:serviceaccount:plimsoll:auditor';

/** Secrets in all the places of a cluster where people put them. */
const CONTENT = {
  'Secret data': canary(),
  'ConfigMap data': canary(),
  'Helm values': canary(),
  'postBuild substitute': canary(),
  'patch of a Kustomization': canary(),
  'user info of a source URL': canary(),
  'user info in a condition': canary(),
  'password in a condition': canary(),
  annotation: canary(),
  'argument of a controller': canary(),
  'argument that is wrong': canary(),
  'environment of a controller': canary(),
} as const;

/** A real cluster, full of secrets, that takes tokens of the test's choice. */
export class SecretiveCluster {
  private constructor(
    private readonly lab: Lab,
    private readonly folder: string,
    readonly cluster: RunningCluster,
    /** In front of the cluster: the registered address. */
    readonly proxy: TcpProxy,
    readonly tokens: readonly [string, string],
  ) {}

  static async start(handle: LabHandle): Promise<SecretiveCluster> {
    const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-tokens-'));
    const tokens = [canary(), canary()] as const;
    const file = path.join(folder, 'tokens.csv');
    await writeFile(file, tokens.map((token) => `${token},${AUDITOR},1\n`).join(''), { mode: 0o600 });
    const apiServerFlags = { 'token-auth-file': file };
    const lab = await startLab({ clusters: [{ name: 'secretive', apiServerFlags }], programs: handle.programs });
    const cluster = lab.cluster('secretive');
    await installFlux(cluster, handle.crdFolder, {
      lockDown: 'none',
      editArguments: (component, args) => {
        // Not a duration: kustomize-controller would not start, and an audit has to say why.
        if (component === 'kustomize-controller')
          return [...args, `--requeue-dependency=${CONTENT['argument that is wrong']}`];
        if (component !== 'helm-controller') return args;
        const events = `--events-addr=http://user:${CONTENT['argument of a controller']}@events/`;
        return [...args, events, '--insecure-kubeconfig-exec=true'];
      },
    });
    await addEnvironment(cluster);
    await createAuditor(cluster.admin);
    for (const object of objects()) {
      const { status, ...rest } = object;
      await cluster.admin.apply(rest as Manifest);
      if (status !== undefined) await cluster.admin.patchStatus(object, status);
    }
    const proxy = await TcpProxy.start(cluster.server);
    return new SecretiveCluster(lab, folder, cluster, proxy, tokens);
  }

  /** By name: what must not be found anywhere. */
  get secrets(): Readonly<Record<string, string>> {
    const [token, replacement] = this.tokens;
    return { ...CONTENT, 'cluster token': token, 'new cluster token': replacement };
  }

  /** The private key in a client certificate that the cluster takes for the auditor. */
  async certificate(): Promise<{ readonly certPem: string; readonly keyPem: string; readonly keyText: string }> {
    const pair = await this.cluster.certificate({ user: AUDITOR });
    const lines = pair.keyPem.trim().split('\n');
    return { ...pair, keyText: lines.at(-2) ?? '' };
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.lab.stop();
    await rm(this.folder, { recursive: true });
  }
}

async function addEnvironment({ admin }: RunningCluster): Promise<void> {
  const deployment: Manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'flux-system', name: 'helm-controller' },
  };
  const { spec } = await admin.get(deployment);
  const { containers } = (spec as { template: { spec: { containers: { env?: object[] }[] } } }).template.spec;
  const [first, ...others] = containers;
  const env = [...(first?.env ?? []), { name: 'HTTPS_PROXY_PASSWORD', value: CONTENT['environment of a controller'] }];
  await admin.patch(deployment, { spec: { template: { spec: { containers: [{ ...first, env }, ...others] } } } });
  await runPodsOf(admin, deployment);
}

function objects(): readonly Manifest[] {
  const metadata = (name: string) => ({ namespace: NAMESPACE, name });
  const kubeConfig = { secretRef: { name: 'kubeconfig' } };
  const sourceRef = { kind: 'GitRepository', name: 'apps' };
  const condition = {
    type: 'Ready',
    status: 'False',
    reason: 'ReconciliationFailed',
    message: `cannot reach https://user:${CONTENT['user info in a condition']}@git.example.com/x, password=${CONTENT['password in a condition']}`,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata('kubeconfig'),
      stringData: { value: CONTENT['Secret data'] },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('config'), data: { value: CONTENT['ConfigMap data'] } },
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: metadata('apps'),
      spec: { interval: '1m', url: `https://user:${CONTENT['user info of a source URL']}@git.example.com/apps` },
    },
    {
      apiVersion: KUSTOMIZATION,
      kind: 'Kustomization',
      metadata: { ...metadata('apps'), annotations: { note: CONTENT['annotation'] } },
      spec: {
        interval: '1m',
        path: './',
        prune: true,
        sourceRef,
        kubeConfig,
        postBuild: { substitute: { password: CONTENT['postBuild substitute'] } },
        patches: [
          {
            target: { kind: 'Secret' },
            patch: `- op: add\n  path: /data/x\n  value: ${CONTENT['patch of a Kustomization']}`,
          },
        ],
      },
      status: { conditions: [condition] },
    },
    {
      apiVersion: HELM_RELEASE,
      kind: 'HelmRelease',
      metadata: metadata('web'),
      spec: {
        interval: '1m',
        kubeConfig,
        chart: { spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'charts' } } },
        values: { auth: { password: CONTENT['Helm values'] } },
      },
      status: { conditions: [condition] },
    },
  ];
}
