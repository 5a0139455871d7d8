import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { controller } from '../../../../test/support/flux-installation.js';
import {
  REPOSITORY,
  gitRepository,
  gitTree,
  kustomizationFile,
  kustomizationOf,
} from '../../../../test/support/git-source.js';
import { noRemoteReferences as control } from './kc-04-no-remote-references.js';

const judges = tableOf(control);
const COMMIT = 'fedcba9876543210fedcba9876543210fedcba98';
const guarded = controller('kustomize-controller', ['--no-remote-bases=true']);
const unguarded = controller('kustomize-controller', []);
const RAW = 'https://raw.githubusercontent.com/o/r/main/x.yaml';

const fleet = (entries: readonly string[], more: Parameters<typeof gitTree>[0] = {}, spec: object = {}) => [
  gitRepository('flux-system/fleet'),
  kustomizationOf('apps/web', spec),
  gitTree({ 'apps/kustomization.yaml': kustomizationFile(...entries), ...more }),
];
const refusal = (message: string, status = 'False') => ({
  status: { conditions: [{ type: 'Ready', status, reason: 'BuildFailed', message }] },
});
const FS =
  "fs-security-constraint abs /tmp/kustomize-123: path '/tmp/kustomize-123' is not in or below '/tmp/kustomization-9'";

describe('FLUX-KC-04', () => {
  judges([
    ['nothing remote', fleet(['resources x.yaml'], { 'apps/x.yaml': {} }), 'pass NO_REMOTE_REFERENCES'],
    [
      'a file by https, and the flag is set',
      [...fleet([`resources ${RAW}`]), ...guarded],
      'fail REMOTE_FILE',
      { severity: 'medium', verdicts: [`fail REMOTE_FILE GitFile/${REPOSITORY}/apps/kustomization.yaml`] },
    ],
    [
      'a base at a tag, and the flag is set: the build will stop',
      [...fleet(['resources github.com/o/r//base?ref=v1.2']), ...guarded],
      'fail REMOTE_BASE',
      { severity: 'medium', message: /not pinned.*BuildFailed/ },
    ],
    [
      'a base, and the flag is not set',
      [...fleet(['resources github.com/o/r//base?ref=v1.2']), ...unguarded],
      'fail REMOTE_BASE',
      { severity: 'high' },
    ],
    [
      'a base, and one shard runs without the flag',
      [
        ...fleet(['resources github.com/o/r']),
        ...guarded,
        ...controller('kustomize-controller', [], { name: 'kustomize-controller-s1' }),
      ],
      'fail REMOTE_BASE',
      { severity: 'high' },
    ],
    [
      'a base pinned to a commit',
      fleet([`resources github.com/o/r//base?ref=${COMMIT}`]),
      'warn REMOTE_BASE_PINNED',
      { severity: 'medium' },
    ],
    [
      'a folder that is called like a host',
      fleet(['resources ./github.com/o/r'], { 'apps/github.com/o/r/kustomization.yaml': kustomizationFile() }),
      'pass NO_REMOTE_REFERENCES',
    ],
    ['a patch by https', [...fleet(['patches.path https://x.example/p.yaml']), ...guarded], 'fail REMOTE_FILE'],
    ['a generator file by https', fleet(['configMapGenerator.files a=https://x.example/f']), 'fail REMOTE_FILE'],
    [
      'in a base two levels below',
      fleet(['resources ../base'], {
        'base/kustomization.yaml': kustomizationFile('components ../c'),
        'c/kustomization.yaml': kustomizationFile(`resources ${RAW}`),
      }),
      'fail REMOTE_FILE',
      { message: /c\/kustomization\.yaml.*built by the Kustomization apps\/web/ },
    ],
    [
      'in a folder that no Kustomization builds',
      fleet(['resources x.yaml'], {
        'apps/x.yaml': {},
        'old/kustomization.yaml': kustomizationFile(`resources ${RAW}`),
      }),
      'warn REMOTE_FILE',
      { severity: 'low', message: /No Kustomization of this cluster builds/ },
    ],
    [
      'charts to inflate',
      fleet(['helmCharts podinfo']),
      'warn HELM_CHARTS',
      { message: /so the build of this path fails/ },
    ],
    [
      'charts to inflate, with a build of somebody else',
      [
        ...fleet(['helmCharts podinfo']),
        ...controller('kustomize-controller', [], { image: 'registry.example/x/kustomize-controller:v1.9.4' }),
      ],
      'warn HELM_CHARTS',
      { message: /not known/ },
    ],
    [
      'a folder without a kustomization.yaml',
      [gitRepository('flux-system/fleet'), kustomizationOf('apps/web'), gitTree({ 'apps/x.yaml': {} })],
      'pass NO_REMOTE_REFERENCES',
      { verdicts: ['pass NO_REMOTE_REFERENCES Kustomization/apps/web'] },
    ],
    [
      'no source was read',
      [gitRepository('flux-system/fleet'), kustomizationOf('apps/web'), kustomizationOf('apps/api')],
      'notEvaluated SOURCE_UNREADABLE',
      {
        verdicts: ['notEvaluated SOURCE_UNREADABLE GitRepository/flux-system/fleet'],
        message: /2 Kustomizations apply files from there/,
      },
    ],
    [
      'sources are not read at all',
      fleet([`resources ${RAW}`]),
      'notEvaluated SOURCE_UNREADABLE',
      { unavailable: { gitTrees: 'notCollected' }, verdicts: ['notEvaluated SOURCE_UNREADABLE Cluster/cluster'] },
    ],
    [
      'one source was read and another was not: never a pass',
      [
        ...fleet(['resources x.yaml'], { 'apps/x.yaml': {} }),
        gitRepository('apps/private', 'https://git.example.com/private'),
        kustomizationOf('apps/other', { sourceRef: { kind: 'GitRepository', name: 'private' } }),
      ],
      'notEvaluated SOURCE_UNREADABLE',
      {
        verdicts: [
          'notEvaluated SOURCE_UNREADABLE GitRepository/apps/private',
          `pass NO_REMOTE_REFERENCES GitFile/${REPOSITORY}/apps/kustomization.yaml`,
        ],
      },
    ],
    [
      'the repository may not be read',
      fleet([`resources ${RAW}`]),
      'notEvaluated SOURCE_UNREADABLE',
      { unavailableEntries: { gitTrees: { [REPOSITORY]: 'unauthenticated' } } },
    ],
    [
      'the sources themselves may not be listed',
      fleet([`resources ${RAW}`]),
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { sources: 'forbidden' } },
    ],
    [
      'Git sources may not be listed',
      fleet([`resources ${RAW}`]),
      'notEvaluated RBAC_DENIED_READ',
      { unavailableSources: { GitRepository: 'forbidden' } },
    ],
    [
      'the tree is of another branch',
      [
        gitRepository('flux-system/fleet', REPOSITORY, { ref: { branch: 'prod' } }),
        ...fleet(['resources x.yaml']).slice(1),
      ],
      'notEvaluated SOURCE_UNREADABLE',
      { message: /at the ref that the source follows/ },
    ],
    [
      'the source does not exist',
      [kustomizationOf('apps/web')],
      'notEvaluated SOURCE_UNREADABLE',
      { message: /does not exist/ },
    ],
    [
      'an OCI artifact',
      [
        {
          apiVersion: 'source.toolkit.fluxcd.io/v1',
          kind: 'OCIRepository',
          metadata: { name: 'oci', namespace: 'apps' },
          spec: { url: 'oci://ghcr.io/o/r' },
        },
        kustomizationOf('apps/web', { sourceRef: { kind: 'OCIRepository', name: 'oci' } }),
      ],
      'notEvaluated SOURCE_UNREADABLE',
    ],
    ['a path that is not there', fleet([], {}, { path: './gone' }), 'notEvaluated PATH_NOT_FOUND'],
    [
      'a refused base, and the source was not read',
      [gitRepository('flux-system/fleet'), kustomizationOf('apps/web', {}, refusal(`accumulating: ${FS}`)), ...guarded],
      'fail REMOTE_BASE',
      {
        verdicts: [
          'fail REMOTE_BASE Kustomization/apps/web status',
          'notEvaluated SOURCE_UNREADABLE GitRepository/flux-system/fleet',
        ],
      },
    ],
    [
      'a local path that leads out of the artifact',
      [
        gitRepository('flux-system/fleet'),
        kustomizationOf(
          'apps/web',
          {},
          refusal(
            "fs-security-constraint abs /tmp/kustomization-1/../x: path '/x' is not in or below '/tmp/kustomization-1'",
          ),
        ),
      ],
      'notEvaluated SOURCE_UNREADABLE',
      { verdicts: ['notEvaluated SOURCE_UNREADABLE GitRepository/flux-system/fleet'] },
    ],
    [
      'ready, and the source was not read',
      [gitRepository('flux-system/fleet'), kustomizationOf('apps/web', {}, refusal('Applied revision', 'True'))],
      'notEvaluated SOURCE_UNREADABLE',
      {
        verdicts: [
          'notEvaluated SOURCE_UNREADABLE GitRepository/flux-system/fleet',
          'pass BUILD_NOT_REFUSED Kustomization/apps/web status',
        ],
      },
    ],
    ['no Kustomization', guarded, 'notApplicable NO_KUSTOMIZATION'],
  ]);

  it('reports one entry of a file that many Kustomizations build once', () => {
    const many = Array.from({ length: 9 }, (_each, index) => kustomizationOf(`apps/k${index}`));
    const result = judge(control, [...many, ...fleet([`resources ${RAW}`, `resources ${RAW}`])]);
    expect(result.observations.map(({ evidence }) => evidence.length)).toEqual([2]);
    expect(result.observations[0]?.message).toContain('10 Kustomizations apps/k0, apps/k1, apps/k2 and 7 more');
  });

  it('keeps credentials in URLs to itself, and quotes for the shell', () => {
    const value = "https://bob:hunter2@x.example/a'b.yaml?token=hunter2";
    const [observation] = judge(control, fleet([`resources ${value}`])).observations;
    expect(JSON.stringify(observation)).not.toContain('hunter2');
    expect(observation?.fixes?.[0]?.content).toContain(
      "curl --fail --location --output 'apps/a'\\''b.yaml' 'https://x.example/a'\\''b.yaml'\n",
    );
  });

  it('keeps messages short and on a line, whatever is referred to', () => {
    const [observation] = judge(
      control,
      fleet([`resources https://x.example/${'y'.repeat(5000)}\t.yaml`]),
    ).observations;
    expect(observation?.reason).toBe('REMOTE_FILE');
    expect(observation?.message.length).toBeLessThan(1000);
    expect(observation?.message).not.toMatch(/\p{Cc}/u);
  });

  it.each([
    [
      'semver',
      { semver: '1.x' },
      { artifact: { revision: 'v1.2.3@sha1:0123456789abcdef0123456789abcdef01234567' } },
      'pass',
    ],
    ['semver, at another commit', { semver: '1.x' }, { artifact: { revision: 'v1@sha1:aaaa' } }, 'notEvaluated'],
    ['branch in full', { name: 'refs/heads/main' }, {}, 'notEvaluated'],
    ['name', { name: 'main' }, {}, 'pass'],
    ['commit', { commit: '0123456789abcdef0123456789abcdef01234567' }, {}, 'pass'],
    ['another commit of the branch', { branch: 'main', commit: COMMIT }, {}, 'notEvaluated'],
    ['tag', { tag: 'main' }, {}, 'pass'],
    ['none: master', {}, {}, 'notEvaluated'],
  ])('knows the tree of a source by its ref: %s', (_title, ref, status, outcome) => {
    const [, ...others] = fleet(['resources x.yaml'], { 'apps/x.yaml': {} });
    const source = { ...gitRepository('flux-system/fleet', REPOSITORY, { ref }), status };
    expect(judge(control, [source, ...others]).outcome).toBe(outcome);
  });
});
