import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CertificateAuthority, kubeconfigText } from '#libs/simulator';
import {
  breakGlassServer,
  policyDenies,
  UID,
  unauthenticated,
} from '../../../../libs/kubernetes/test/break-glass-server.js';
import { HostileServer } from '../../../../libs/kubernetes/test/hostile-server.js';
import { CliError } from '../exit-codes.js';
import { drill, type DrillCommandOptions } from './drill.command.js';

const authority = await CertificateAuthority.create();
const { certPem, keyPem } = await authority.issueServer(['127.0.0.1']);
const TOKEN = 'break-glass-token-canary';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-drill-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The few answers of a service, with what it was sent. */
class FakeService {
  readonly calls: { readonly method: string; readonly url: string; readonly body: string }[] = [];
  drill: object = {
    id: 'drl_1',
    cluster: { name: 'edge' },
    entry: 'a',
    mode: 'live',
    state: 'awaitingResults',
    approvals: [{}, {}],
    clusterUid: UID,
    deadlineAt: new Date(Date.now() + 60_000).toISOString(),
  };
  conflict = false;
  isTaken = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeService> {
    const server = createServer();
    const service = new FakeService(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '' } = request;
        service.calls.push({ method, url, body: Buffer.concat(chunks).toString() });
        const clash = (service.conflict && url === '/api/v1/drills') || (service.isTaken && url.endsWith('/start'));
        response.writeHead(clash ? 409 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(clash ? { existingId: 'drl_0' } : service.drill));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

let service: FakeService;
beforeEach(async () => {
  service = await FakeService.start();
});
afterEach(() => service.close());

interface Told {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
  readonly requests: readonly string[];
}

async function run(
  options: Partial<DrillCommandOptions> = {},
  changes: Parameters<typeof breakGlassServer>[0] = {},
  entries = `[{ name: a, principals: { users: [break-glass], groups: [rescue] } }]`,
  pin = `clusterUid: ${UID}\n`,
): Promise<Told> {
  const server = await HostileServer.start({ cert: certPem, key: keyPem }, breakGlassServer(changes));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const registry = path.join(folder, 'registry.yaml');
  await writeFile(
    kubeconfig,
    kubeconfigText({ clusterName: 'edge', server: server.url, caPem: authority.certPem, credential: { token: TOKEN } }),
  );
  await writeFile(
    registry,
    `id: edge\napiServer: ${server.url}\n${pin}platformPrincipals: { groups: [platform] }\nbreakGlass: ${entries}\n`,
  );
  const [out, notes]: [string[], string[]] = [[], []];
  try {
    const code = await drill(
      {
        kubeconfig,
        registry,
        cluster: 'edge',
        mode: 'verify',
        report: false,
        output: 'text',
        timeoutSeconds: 20,
        ...options,
      },
      {
        out: (text) => out.push(text),
        note: (text) => notes.push(text),
        env: { PLIMSOLL_SERVER: service.url, PLIMSOLL_TOKEN: 'plm_pat_x' },
        stdout: {},
      },
    );
    const told = { code, out: out.join(''), notes: notes.join('\n') };
    expect(JSON.stringify([told, service.calls])).not.toContain(TOKEN);
    return { ...told, requests: server.requests.map(({ method, url }) => `${method} ${url}`) };
  } finally {
    await server.close();
  }
}

const ROLE = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'cluster-admin' },
  rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
};
/** With the role that the platform's binding is about. */
const bound = {
  'GET clusterroles': { body: { kind: 'ClusterRoleList', metadata: { resourceVersion: '9' }, items: [ROLE] } },
};

describe('plimsoll drill', () => {
  it('tells each step with how long it took, and that nothing was written', async () => {
    const { code, out } = await run();
    expect(code).toBe(0);
    expect(out).toMatch(/^Drill of a, the way into edge \(verify/);
    expect(out).toMatch(/✓ reach the API server +\d+ ms {2}Kubernetes v1\.36\.3 answered/);
    expect(out).toMatch(/✓ rights of a restore +\d+ ms/);
    expect(out).toMatch(/Passed: this way in works\.\nCalls made: \d+\. Writes made: 0\.\n$/);
    expect(service.calls).toEqual([]);
  });

  it('tries the restore of what the platform rests on as dry-runs', async () => {
    const { code, out, requests } = await run({ mode: 'dryRun' }, bound);
    expect([code, out.match(/✓/g)?.length]).toEqual([0, 5]);
    const writing = requests.filter((request) => !request.startsWith('GET') && !request.includes('reviews'));
    expect(writing).toHaveLength(3);
    expect(writing.every((request) => request.endsWith('?dryRun=All'))).toBe(true);
  });

  it.each<[string, Partial<DrillCommandOptions>, Parameters<typeof breakGlassServer>[0], number, RegExp]>([
    [
      'a credential that is refused',
      {},
      { 'GET version': unauthenticated, 'POST selfsubjectreviews': unauthenticated },
      5,
      /✗ who the credential is/,
    ],
    [
      'admission in the way',
      { mode: 'dryRun' },
      { ...bound, 'DELETE platform-admin': policyDenies },
      5,
      /✗ delete what is protected[^]*ADMISSION_DENIES/,
    ],
    [
      'nothing known to delete',
      { mode: 'dryRun' },
      {},
      4,
      /\? delete what is protected[^]*What is unknown is not a pass/,
    ],
  ])('ends with a code of its own: %s', async (_what, options, changes, code, text) => {
    const told = await run(options, changes);
    expect([told.code, told.out]).toEqual([code, expect.stringMatching(text)]);
  });

  it('prints all of it as JSON, and talks on stderr', async () => {
    const { out, notes } = await run({ output: 'json' });
    expect(JSON.parse(out)).toMatchObject({
      cluster: 'edge',
      entry: 'a',
      outcome: 'passed',
      writes: 0,
      steps: [{}, {}, {}, {}, {}],
    });
    expect(notes).toContain('✓ reach');
  });
});

describe('reporting', () => {
  it('announces the drill first, and sends the steps and no credential', async () => {
    await run({ report: true, by: 'ada, grace', alertId: 'ALERT-1' });
    expect(service.calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /api/v1/drills',
      'POST /api/v1/drills/drl_1/results',
    ]);
    const [begun, ended] = service.calls.map(({ body }) => JSON.parse(body));
    expect(begun).toEqual({ cluster: 'edge', entry: 'a', mode: 'verify', runner: 'cli' });
    expect(ended).toMatchObject({
      operators: 'ada, grace',
      alertId: 'ALERT-1',
      steps: [{ name: 'reach' }, {}, {}, {}, {}],
    });
  });

  it('does not begin while another drill is open', async () => {
    service.conflict = true;
    const error = await run({ report: true }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining('drl_0') });
  });

  it.each([
    ['http://plimsoll.example.com', /https URL/],
    ['nothing', /https URL/],
  ])('sends no token to %s', async (server, text) => {
    const error = await run({ report: true, server }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringMatching(text) });
  });
});

describe('a live drill', () => {
  const live = { mode: 'live', drill: 'drl_1', confirm: 'edge' } as const;

  it('writes one binding, when two have approved it', async () => {
    let created = '';
    const { code, out, requests } = await run(live, {
      ...bound,
      'POST clusterrolebindings': (body) => {
        created = JSON.parse(body).metadata.name;
        return { status: 201, body: { metadata: { name: created, uid: 'uid-new' } } };
      },
    });
    // The server of this test knows no object of that name, so that its deletion fails: the way to remove it is told.
    expect([code, out.replaceAll(/\s+/g, ' ')]).toEqual([
      5,
      expect.stringContaining(`kubectl delete clusterrolebinding ${created}`),
    ]);
    expect(service.calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /api/v1/drills/drl_1',
      'POST /api/v1/drills/drl_1/start',
      'POST /api/v1/drills/drl_1/results',
    ]);
    const real = requests.filter((each) => !/^GET|reviews|dryRun=All$/.test(each));
    expect(real).toEqual([
      'POST /apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
      `DELETE /apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${created}`,
    ]);
  });

  it.each<[string, Partial<DrillCommandOptions>, object, RegExp]>([
    ['no drill is named', { ...live, drill: undefined }, {}, /two other tokens have to approve/],
    ['it is not confirmed', { ...live, confirm: undefined }, {}, /confirmed/],
    ['another cluster is confirmed', { ...live, confirm: 'hub' }, {}, /confirmed/],
    ['one approval is missing', live, { state: 'awaitingApproval', approvals: [{}] }, /has 1 of the 2/],
    ['its time is over', live, { deadlineAt: '2026-01-01T00:00:00Z' }, /until 2026-01-01/],
    ['it is over', live, { state: 'aborted' }, /is aborted/],
    ['it is about another cluster', live, { cluster: { name: 'hub' } }, /is about a of hub/],
    [
      'the service means another cluster of that name',
      live,
      { clusterUid: 'uid-of-another' },
      /the UID uid-of-another/,
    ],
    ['the service has not seen the cluster', live, { clusterUid: null }, /UID the service does not know/],
    ['it is of another mode', live, { mode: 'dryRun' }, /is of mode dryRun/],
  ])('is refused where %s', async (_what, options, changes, text) => {
    service.drill = { ...service.drill, ...changes };
    const error = await run(options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CliError);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringMatching(text) });
  });
});

it('refuses a live drill that somebody else has taken up', async () => {
  service.isTaken = true;
  const options = { mode: 'live', drill: 'drl_1', confirm: 'edge' } as const;
  const error = await run(options, bound).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining('taken up by somebody else') });
});

it('refuses a live drill of a cluster whose UID the registry file does not say', async () => {
  const entries = `[{ name: a, principals: { users: [break-glass], groups: [rescue] } }]`;
  const options = { mode: 'live', drill: 'drl_1', confirm: 'edge' } as const;
  const error = await run(options, {}, entries, '').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining('which UID edge has') });
  expect(service.calls).toEqual([]);
});

describe('wrong usage', () => {
  it.each<[string, Partial<DrillCommandOptions>, string | undefined, RegExp]>([
    ['no registry file', { registry: undefined }, undefined, /compares the credential/],
    ['no entry', {}, '[]', /no break-glass entry for edge/],
    ['several entries', {}, '[{ name: a }, { name: b }]', /several/],
    ['an entry that there is not', { entry: 'c' }, undefined, /no break-glass entry "c"/],
    ['no such cluster', { registry: '/none' }, undefined, /cannot be read/],
  ])('%s', async (_what, options, entries, text) => {
    const error = await run(options, {}, entries).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringMatching(text) });
  });
});
