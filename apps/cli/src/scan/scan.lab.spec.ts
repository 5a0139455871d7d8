import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { catalog } from '#libs/controls';
import { auditorClusterRole } from '#libs/kubernetes';
import { installFlux } from '../../../../test/lab/flux-install.js';
import { createServiceAccount, requestToken } from '../../../../test/lab/identities.js';
import { startLab, type Lab, type RunningCluster } from '../../../../test/lab/lab.js';
import { eventually } from '../../../../test/lab/poll.js';
import { CliError, ExitCode } from '../exit-codes.js';
import type { ScanDocument } from './document.js';
import { scan, type ScanOptions } from './scan.command.js';

const CANARY = 'canary-3b1f0c';

describe.skipIf(!inject('lab')?.flux)('plimsoll scan on a real cluster [needs lab]', () => {
  let lab: Lab;
  let cluster: RunningCluster;
  let folder: string;
  const file = (name: string) => path.join(folder, name);

  async function run(options: Partial<ScanOptions>, env: NodeJS.ProcessEnv = {}) {
    let output = '';
    const exitCode = await scan(
      { output: 'json', timeoutSeconds: 30, quiet: true, ...options },
      { out: (text) => (output += text), note: () => undefined, env, stdout: {} },
    );
    return { exitCode, output, document: output.startsWith('{') ? (JSON.parse(output) as ScanDocument) : undefined };
  }

  async function kubeconfigOf(account: string): Promise<string> {
    const token = await requestToken(cluster.admin, 'plimsoll', account);
    await writeFile(file(`${account}.yaml`), await cluster.kubeconfig({ token }));
    return file(`${account}.yaml`);
  }

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-scan-'));
    const handle = inject('lab');
    lab = await startLab({ clusters: [{ name: 'scan' }], ...(handle && { programs: handle.programs }) });
    cluster = lab.cluster('scan');
    await installFlux(cluster, handle?.crdFolder ?? null, {
      editArguments: (component, args) =>
        component === 'helm-controller' ? [...args, '--insecure-kubeconfig-exec=true'] : args,
    });
    await cluster.admin.apply({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'web', namespace: 'flux-system', annotations: { note: CANARY } },
      spec: {
        interval: '10m',
        chart: { spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'charts' } } },
        values: { password: CANARY },
      },
    });
    await createServiceAccount(cluster.admin, {
      namespace: 'plimsoll',
      name: 'auditor',
      rules: auditorClusterRole(catalog).rules,
    });
    await createServiceAccount(cluster.admin, {
      namespace: 'plimsoll',
      name: 'blind',
      rules: [{ apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] }],
    });
    const kubeconfig = await kubeconfigOf('auditor');
    await kubeconfigOf('blind');
    await eventually('the auditor may read', async () => {
      const { document } = await run({ kubeconfig });
      // There are no nodes, no network plugin and no Git, so that not everything can be judged.
      const exec = document?.results.find(({ controlId }) => controlId === 'FLUX-HC-01');
      return exec?.outcome === 'fail' || undefined;
    });
    await writeFile(file('registry.yaml'), 'role: shared\ntenants: [{id: team-a}, {id: team-b}]\n');
  });
  afterAll(async () => {
    await lab?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('prints a stable document with the identity of the cluster', async () => {
    const { uid } = (
      await cluster.admin.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } })
    ).metadata;
    const { document, exitCode } = await run({ kubeconfig: file('auditor.yaml'), registry: file('registry.yaml') });
    expect(exitCode).toBe(ExitCode.ok);
    expect(document).toMatchObject({
      schemaVersion: 1,
      cluster: { uid, serverVersion: 'v1.36.3' },
      exit: { code: 0, findings: false, incomplete: false },
    });
    expect(document?.coverage.evaluated).toBeGreaterThan(10);
    const exec = document?.results.find(({ controlId }) => controlId === 'FLUX-HC-01');
    expect(exec).toMatchObject({
      outcome: 'fail',
      reason: 'FLAG_TRUE',
      subject: { kind: 'Deployment', namespace: 'flux-system', name: 'helm-controller' },
    });
    expect(exec?.evidence[0]?.pointer).toMatch(/\/args\/\d+$/);
    for (const result of document?.results ?? []) {
      expect(Object.keys(result)).toEqual(
        expect.arrayContaining(['controlId', 'outcome', 'reason', 'subject', 'message', 'evidence']),
      );
    }
  });

  it('exits 1 only where a finding is as bad as --fail-on', async () => {
    const kubeconfig = file('auditor.yaml');
    expect((await run({ kubeconfig, failOn: 'critical', registry: file('registry.yaml') })).exitCode).toBe(1);
    const clean = { kubeconfig, controls: ['FLUX-HC-02'], failOn: 'info' } as const;
    expect((await run(clean)).exitCode).toBe(ExitCode.ok);
  });

  it('records a snapshot without secrets, and judges it again to the same result', async () => {
    const registry = file('registry.yaml');
    const first = await run({ kubeconfig: file('auditor.yaml'), registry, saveSnapshot: file('snapshot.json') });
    const text = await readFile(file('snapshot.json'), 'utf8');
    expect(text).not.toContain(CANARY);
    expect((await stat(file('snapshot.json'))).mode & 0o777).toBe(0o600);
    const second = await run({ snapshot: file('snapshot.json'), registry });
    expect(second.document?.results).toEqual(first.document?.results);
  });

  it('tells a blind credential by its exit code and names what is missing', async () => {
    const { document, exitCode } = await run({ kubeconfig: file('blind.yaml'), minCoverage: 100 });
    expect([ExitCode.incomplete, ExitCode.couldNotRun]).toContain(exitCode);
    expect(document?.results.some(({ outcome }) => outcome === 'pass' || outcome === 'notApplicable')).toBe(false);
    const exec = document?.results.find(({ controlId }) => controlId === 'FLUX-HC-01');
    expect(exec).toMatchObject({ outcome: 'notEvaluated', cause: 'forbidden' });
    expect(exec?.missing).toContainEqual({ verb: 'list', group: 'apps', resource: 'deployments' });
  });

  it('judges nothing where the registry means another cluster', async () => {
    await writeFile(file('other.yaml'), 'role: shared\nclusterUid: 00000000-0000-0000-0000-000000000000\n');
    const { document, exitCode } = await run({ kubeconfig: file('auditor.yaml'), registry: file('other.yaml') });
    expect(exitCode).toBe(ExitCode.couldNotRun);
    const judged = new Set(document?.results.map(({ outcome, cause }) => `${outcome} ${cause}`));
    expect(judged).toEqual(new Set(['notEvaluated identityMismatch']));
  });

  it.each([
    ['no such context', { context: 'nowhere' }],
    ['no such control', { controls: ['FLUX-XX-99'] }],
    ['no such profile', { profile: 'none@1' }],
  ])('refuses %s', async (_name, options) => {
    const failure = await run({ kubeconfig: file('auditor.yaml'), ...options }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CliError);
    expect((failure as CliError).exitCode).toBe(ExitCode.usage);
  });
});
