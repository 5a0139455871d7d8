import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '#libs/core';
import { kubeconfigText, SimulatedServer, scaleCluster } from '#libs/simulator';
import { CliError, ExitCode } from '../exit-codes.js';
import type { ScanDocument } from './document.js';
import { scan, type ScanOptions } from './scan.command.js';

let folder: string;
let server: SimulatedServer;
let silent: Server;
const silenced: Socket[] = [];
const file = (name: string) => path.join(folder, name);

async function run(options: Partial<ScanOptions>, env: NodeJS.ProcessEnv = {}) {
  let output = '';
  const exitCode = await scan(
    { output: 'json', timeoutSeconds: 10, quiet: true, ...options },
    { out: (text) => (output += text), note: () => undefined, env, stdout: {} },
  );
  return { exitCode, document: JSON.parse(output) as ScanDocument };
}
const refusal = (options: Partial<ScanOptions>) => run(options).catch((error: unknown) => error as CliError);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-cli-'));
  const cluster = scaleCluster({ name: 'sim', pods: 5 });
  server = await SimulatedServer.start({ clusters: cluster });
  const base = { clusterName: 'sim', caPem: server.caPem, credential: { token: cluster.user.token } };
  silent = createServer((socket) => void silenced.push(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const port = (silent.address() as AddressInfo).port;
  await writeFile(file('sim.yaml'), kubeconfigText({ ...base, server: server.urlOf(cluster) }));
  await writeFile(file('gone.yaml'), kubeconfigText({ ...base, server: 'https://127.0.0.1:1' }));
  await writeFile(file('silent.yaml'), kubeconfigText({ ...base, server: `https://127.0.0.1:${port}` }));
  await writeFile(file('other.yaml'), 'role: shared\napiServer: https://elsewhere.example.com:6443\n');
  await writeFile(file('ca.yaml'), `role: shared\ncaSpkiSha256: ${'0'.repeat(64)}\n`);
});
afterAll(async () => {
  await server?.close();
  for (const socket of silenced) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

describe('plimsoll scan', () => {
  it.each([
    ['refused connections', 'gone.yaml', 10],
    ['a server that never answers', 'silent.yaml', 2],
  ])('answers with a document on %s: every control not evaluated, exit code 3', async (_what, kubeconfig, seconds) => {
    const { exitCode, document } = await run({ kubeconfig: file(kubeconfig), timeoutSeconds: seconds });
    expect(exitCode).toBe(ExitCode.couldNotRun);
    expect(document.coverage).toMatchObject({ evaluated: 0, ratio: 0 });
    expect(new Set(document.results.map(({ outcome }) => outcome))).toEqual(new Set(['notEvaluated']));
    expect(JSON.stringify(document)).not.toContain('PLIMSOLL_');
  });

  it.each([
    ['no control', { controls: [] }, /names no control/],
    ['a missing kubeconfig', { kubeconfig: '/nope/config' }, /\/nope\/config cannot be read \(ENOENT\)/],
    ['a folder as kubeconfig', { kubeconfig: tmpdir() }, /cannot be read \(EISDIR\)/],
    ['a context that is not there', { context: 'nowhere' }, /no context "nowhere"/],
    ['a recording and a cluster', { snapshot: 's.json', context: 'sim' }, /--snapshot judges a recording/],
    ['a recording and dry-runs', { snapshot: 's.json', active: true }, /--active reads a cluster/],
    ['a snapshot that cannot be written', { saveSnapshot: '/nope/x.json' }, /cannot be written to \/nope\/x.json/],
    ['another API server than the pinned one', { registry: 'other.yaml' }, /elsewhere\.example\.com/],
    ['another CA than the pinned one', { registry: 'ca.yaml' }, /caSpkiSha256/],
  ])('refuses %s with exit code 2', async (_what, options, message) => {
    const absolute = 'registry' in options ? { registry: file(options.registry ?? '') } : options;
    const found = await refusal({
      ...('snapshot' in options ? {} : { kubeconfig: file('sim.yaml') }),
      ...absolute,
    });
    expect(found).toBeInstanceOf(CliError);
    expect(found).toMatchObject({ exitCode: ExitCode.usage, message: expect.stringMatching(message) });
  });

  it('keeps an earlier recording where the cluster cannot be read', async () => {
    await writeFile(file('kept.json'), 'earlier');
    await run({ kubeconfig: file('gone.yaml'), saveSnapshot: file('kept.json') });
    expect(await readFile(file('kept.json'), 'utf8')).toBe('earlier');
  });

  it('tries nothing because a file says so, and says what it does where the caller does', async () => {
    await writeFile(file('active.yaml'), 'role: shared\nactiveVerification: { enabled: true, networkProbe: true }\n');
    const declared = async (active: boolean) => {
      const notes: string[] = [];
      const options = {
        kubeconfig: file('sim.yaml'),
        registry: file('active.yaml'),
        saveSnapshot: file('active.json'),
      };
      await scan(
        { ...options, output: 'json', timeoutSeconds: 10, quiet: false, active },
        { out: () => undefined, note: (text) => notes.push(text), env: {}, stdout: {} },
      );
      const { artifacts } = JSON.parse(await readFile(file('active.json'), 'utf8')) as Snapshot;
      const { registration } = artifacts;
      return [registration.state === 'collected' && registration.value.activeVerification, notes.join('\n')];
    };
    expect(await declared(false)).toEqual([
      { enabled: false, networkProbe: true },
      expect.stringContaining('read-only'),
    ]);
    expect(await declared(true)).toEqual([
      { enabled: true, networkProbe: true },
      expect.stringContaining('only server-side dry-runs are sent'),
    ]);
  });

  it('makes a recording readable by its owner only, also where the file was there before', async () => {
    await writeFile(file('old.json'), 'x', { mode: 0o644 });
    await run({ kubeconfig: file('sim.yaml'), saveSnapshot: file('old.json') });
    expect((await stat(file('old.json'))).mode & 0o777).toBe(0o600);
    expect((await run({ snapshot: file('old.json') })).document.coverage.ratio).toBeGreaterThan(0);
  });
});
