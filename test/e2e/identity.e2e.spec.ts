import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createAuditor } from '../lab/identities.js';
import { installFlux } from '../lab/flux-install.js';
import { startLab, type Lab } from '../lab/lab.js';
import { kubeconfigText } from '../lab/pki.js';
import { Service } from '../support/service.js';
import { TcpProxy } from './support/tcp-proxy.js';

const handle = inject('lab');
const NAMES = ['blue', 'green'] as const;
/** Both API servers take it for the auditor, as where a fleet shares its authority and its identity provider. */
const TOKEN = 'a-token-that-both-clusters-take';

interface Finding {
  readonly id: string;
  readonly state: string;
  readonly stale: boolean;
  readonly occurrences: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly cluster: { readonly name: string };
}
interface Result {
  readonly controlId: string;
  readonly outcome: string;
  readonly cause: string | null;
  readonly cluster: { readonly name: string };
}
interface Cluster {
  readonly identity: { readonly uid: string };
  readonly stale: boolean;
  readonly lastAuditedAt: string;
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
}

describe.skipIf(!handle?.flux)('two real clusters that change places behind their addresses [needs lab]', () => {
  let folder: string;
  let lab: Lab;
  let proxies: Readonly<Record<(typeof NAMES)[number], TcpProxy>>;
  let service: Service;

  const point = (blue: string, green: string) => {
    proxies.blue.pointTo(lab.cluster(blue).server);
    proxies.green.pointTo(lab.cluster(green).server);
  };
  const findings = () => service.rest.list<Finding>('/findings?sort=control');
  const clusters = () => Promise.all(NAMES.map((name) => service.rest.get<Cluster>(`/clusters/${name}`)));
  const targets = async (runId: string) =>
    (
      await service.rest.list<{ outcome: string; cause: string | null; message: string | null }>(
        `/runs/${runId}/targets`,
      )
    ).map(({ outcome, cause }) => [outcome, cause]);
  /** All of a finding but for what an audit that could not look may change. */
  const unchanged = (all: readonly Finding[]) => all.map((finding) => ({ ...finding, stale: undefined }));

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-tokens-'));
    const tokens = path.join(folder, 'tokens.csv');
    await writeFile(tokens, `${TOKEN},system:serviceaccount:plimsoll:auditor,1,system:serviceaccounts\n`, {
      mode: 0o600,
    });
    const apiServerFlags = { 'token-auth-file': tokens };
    lab = await startLab({
      clusters: NAMES.map((name) => ({ name, apiServerFlags })),
      ...(handle && { programs: handle.programs }),
    });
    await Promise.all(
      lab.clusters.map(async (cluster) => {
        // Blue was never locked down; green lets helm-controller run programs: each has findings of its own.
        await installFlux(cluster, handle?.crdFolder ?? null, cluster.name === 'blue' ? { lockDown: 'none' } : EXEC);
        await createAuditor(cluster.admin);
      }),
    );
    const [blue, green] = await Promise.all(NAMES.map((name) => TcpProxy.start(lab.cluster(name).server)));
    if (!blue || !green) throw new Error('a proxy is missing');
    proxies = { blue, green };
    service = await Service.start();
  });
  afterAll(async () => {
    await service?.stop();
    await Promise.all(Object.values(proxies ?? {}).map((proxy) => proxy.stop()));
    await lab?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('are audited, each under its own identity', async () => {
    const caPem = lab.clusters.map((cluster) => cluster.caPem).join('');
    for (const name of NAMES) {
      const kubeconfig = kubeconfigText({
        clusterName: name,
        server: proxies[name].url,
        caPem,
        credential: { token: TOKEN },
      });
      await service.rest.call('POST', '/clusters?requireVerified=true', {
        body: { name, role: 'tenant', tenancy: 'shared', credential: { kind: 'kubeconfig', kubeconfig } },
      });
    }
    expect((await clusters()).map(({ identity }) => identity.uid)).toEqual(NAMES.map((name) => lab.cluster(name).uid));
    const { id } = await service.rest.audit();
    expect(await targets(id)).toEqual([
      ['evaluated', null],
      ['evaluated', null],
    ]);
    const found = await findings();
    expect(new Set(found.map(({ cluster }) => cluster.name))).toEqual(new Set(NAMES));
    expect(found.every(({ stale, state }) => !stale && state === 'open')).toBe(true);
  });

  it('are not judged while swapped: no verdict, and every finding stays as it was', async () => {
    const before = { findings: await findings(), clusters: await clusters() };
    point('green', 'blue');
    const { id } = await service.rest.audit();
    expect(await targets(id)).toEqual([
      ['notEvaluated', 'identityMismatch'],
      ['notEvaluated', 'identityMismatch'],
    ]);
    const results = await service.rest.list<Result>(`/results?run=${id}`);
    expect(results.length).toBeGreaterThan(10);
    expect(new Set(results.map(({ outcome, cause }) => `${outcome} ${cause}`))).toEqual(
      new Set(['notEvaluated identityMismatch']),
    );
    const after = { findings: await findings(), clusters: await clusters() };
    expect(unchanged(after.findings)).toEqual(unchanged(before.findings));
    expect(after.findings.every(({ stale }) => stale)).toBe(true);
    expect(await service.rest.list(`/findings?changedInRun=${id}`)).toEqual([]);
    for (const [index, cluster] of after.clusters.entries()) {
      expect(cluster.identity).toEqual(before.clusters[index]?.identity);
      expect(cluster).toMatchObject({ stale: true, lastAuditedAt: before.clusters[index]?.lastAuditedAt });
      expect(cluster.conditions).toContainEqual(expect.objectContaining({ type: 'IdentityVerified', status: 'False' }));
    }
  });

  it('are refused while swapped, where somebody verifies or registers them again', async () => {
    const verify = await service.rest.request<{ code: string }>('POST', '/clusters/blue/verify');
    expect([verify.status, verify.body.code]).toEqual([409, 'identity-mismatch']);
    const caPem = lab.cluster('green').caPem;
    const kubeconfig = kubeconfigText({
      clusterName: 'x',
      server: proxies.blue.url,
      caPem,
      credential: { token: TOKEN },
    });
    const again = await service.rest.request<{ code: string }>('POST', '/clusters?requireVerified=true', {
      body: { name: 'third', credential: { kind: 'kubeconfig', kubeconfig } },
    });
    expect([again.status, again.body.code]).toEqual([409, 'cluster-duplicate']);
  });

  it('are judged again when each is back in its place', async () => {
    const before = await findings();
    point('blue', 'green');
    const { id } = await service.rest.audit();
    expect(await targets(id)).toEqual([
      ['evaluated', null],
      ['evaluated', null],
    ]);
    expect(await service.rest.list(`/findings?changedInRun=${id}`)).toEqual([]);
    const after = await findings();
    expect(after.map(({ id: finding, state, stale, firstSeenAt }) => [finding, state, stale, firstSeenAt])).toEqual(
      before.map(({ id: finding, state, firstSeenAt }) => [finding, state, false, firstSeenAt]),
    );
    expect(after.every(({ occurrences }, index) => occurrences === (before[index]?.occurrences ?? 0) + 1)).toBe(true);
    expect((await clusters()).map(({ stale }) => stale)).toEqual([false, false]);
  });
});

const EXEC: Parameters<typeof installFlux>[2] = {
  editArguments: (component, args) =>
    component === 'helm-controller' ? [...args, '--insecure-kubeconfig-exec=true'] : args,
};
