import type { Fix, HelmRelease, Source } from '#libs/core';
import { excerpt } from '#libs/flux';
import { yamlScalar } from '../fix-text/yaml-scalar.js';

/** Where the identity of one's own release workflow is to be written. */
const VERIFY = [
  '  verify:',
  '    provider: cosign',
  '    matchOIDCIdentity:',
  '      # The workflow that signs: its issuer and its whole identity.',
  "      - issuer: '^https://token\\.actions\\.githubusercontent\\.com$'",
  "        subject: '^https://github\\.com/<org>/<repo>/\\.github/workflows/<release>\\.yml@refs/tags/.*$'",
];

const metadata = (name: string, namespace: string): readonly string[] => [
  'metadata:',
  `  name: ${yamlScalar(name)}`,
  `  namespace: ${yamlScalar(namespace)}`,
];

/** What to add to an OCIRepository, with the place for the identity of who signs. */
export function artifactFixes({ apiVersion, metadata: { name, namespace = '' } }: Source): readonly Fix[] {
  const content = [
    `apiVersion: ${apiVersion}`,
    'kind: OCIRepository',
    ...metadata(name, namespace),
    'spec:',
    ...VERIFY,
  ];
  return [{ form: 'manifest', title: 'Verify who signed this artifact', content: `${content.join('\n')}\n` }];
}

/** A chart by an OCIRepository, which can demand an identity; `spec.chart` cannot. */
export function chartFixes(release: HelmRelease, repository: Source | undefined): readonly Fix[] {
  const { name, namespace = '' } = release.metadata;
  const { chart = '', version } = release.spec.chart?.spec ?? {};
  const url = repository?.spec.url ?? 'oci://<registry>/<path>';
  const secret = repository?.spec.secretRef?.name;
  const content = [
    'apiVersion: source.toolkit.fluxcd.io/v1',
    'kind: OCIRepository',
    ...metadata(name, namespace),
    'spec:',
    '  interval: 10m',
    `  url: ${yamlScalar(`${excerpt(url, 300).replace(/\/+$/, '')}/${excerpt(chart, 200)}`)}`,
    '  ref:',
    `    tag: ${yamlScalar(version ?? '<version>')}`,
    ...(secret === undefined ? [] : ['  secretRef:', `    name: ${yamlScalar(secret)}`]),
    ...VERIFY,
    '---',
    `apiVersion: ${release.apiVersion}`,
    'kind: HelmRelease',
    ...metadata(name, namespace),
    'spec:',
    '  # in place of spec.chart',
    '  chartRef:',
    '    kind: OCIRepository',
    `    name: ${yamlScalar(name)}`,
  ];
  return [
    {
      form: 'manifest',
      title: 'Take the chart from an OCIRepository that verifies it',
      content: `${content.join('\n')}\n`,
    },
  ];
}
