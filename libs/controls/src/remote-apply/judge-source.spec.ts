import { describe } from 'vitest';
import { tableOf } from '../../../../test/support/expect-control.js';
import {
  type Parts,
  KS,
  HR,
  ago,
  REVISION,
  ready,
  kustomization,
  helmRelease,
  source,
  artifact,
  fleet,
  chart,
  status,
} from '../../../../test/support/remote-apply-objects.js';
import { remoteApplyHealthyAndFresh as control } from './ra-03-healthy-and-fresh.js';

const judges = tableOf(control);

describe('source', () => {
  const artifactFailed = (since = '20s') =>
    kustomization(
      status(ready('False', 'ArtifactFailed', since, 'GitRepository.source.toolkit.fluxcd.io "fleet" not found')),
    );
  const helmChart = (parts: Parts = {}) =>
    source('HelmChart', 'spoke-a-apps', { spec: { sourceRef: { kind: 'HelmRepository', name: 'charts' } }, ...parts });
  const fromChart = (parts: Parts = {}) =>
    helmRelease({
      spec: {
        chartRef: undefined,
        chart: { spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'charts' } } },
      },
      status: { helmChart: 'spoke-a/spoke-a-apps', ...parts.status },
    });
  const broken = (since: string) => status(ready('False', 'AuthenticationFailed', since, 'authentication required'));
  judges([
    [
      'missing, Kustomization says so',
      [artifactFailed()],
      'fail SOURCE_MISSING',
      {
        severity: 'high',
        message: /GitRepository spoke-a\/fleet, which does not exist/,
        verdicts: [`fail SOURCE_MISSING ${KS}`],
      },
    ],
    [
      'missing, status unchanged for 3 h: not stale',
      [artifactFailed('3h')],
      'fail SOURCE_MISSING',
      { verdicts: [`fail SOURCE_MISSING ${KS}`] },
    ],
    [
      'missing, Kustomization still ready and old',
      [kustomization(status(ready('True', 'ReconciliationSucceeded', '3h')))],
      'fail SOURCE_MISSING',
      { verdicts: [`fail SOURCE_MISSING ${KS}`] },
    ],
    [
      'missing, and the target denies access too',
      [kustomization(status(ready('False', 'ReconciliationFailed', '3h', 'x is forbidden: User "y"')))],
      'fail ACCESS_REVOKED',
      { verdicts: [`fail ACCESS_REVOKED ${KS}`, `fail SOURCE_MISSING ${KS}`] },
    ],
    [
      'of that name in another namespace only',
      [artifactFailed(), source('GitRepository', 'fleet', { metadata: { namespace: 'flux-system' } })],
      'fail SOURCE_MISSING',
    ],
    ['of that name, but another kind', [artifactFailed(), source('Bucket', 'fleet')], 'fail SOURCE_MISSING'],
    [
      'named in another namespace',
      [
        kustomization({ spec: { sourceRef: { kind: 'GitRepository', name: 'fleet', namespace: 'flux-system' } } }),
        source('GitRepository', 'fleet', { metadata: { namespace: 'flux-system' }, ...artifact(REVISION) }),
      ],
      'pass HEALTHY',
    ],
    ['its API is not served', [artifactFailed()], 'fail SOURCE_MISSING', { notServed: ['source.toolkit.fluxcd.io'] }],
    [
      'suspended, object ready',
      [kustomization(), fleet({ ...artifact(REVISION), spec: { suspend: true } })],
      'fail SOURCE_SUSPENDED',
      { verdicts: [`fail SOURCE_SUSPENDED ${KS}`] },
    ],
    [
      'failing for 3 h, object ready by the old artifact',
      [kustomization(), fleet(broken('3h'))],
      'fail SOURCE_NOT_READY',
      { message: /AuthenticationFailed: authentication required/ },
    ],
    ['failing for 5 min', [kustomization(), fleet(broken('5m'))], 'warn SOURCE_NOT_READY', { severity: 'low' }],
    [
      'last try 5 s ago, sighted failing 1 h ago',
      [kustomization(), fleet(broken('5s'))],
      'fail SOURCE_NOT_READY',
      { sightings: { 'FLUX-RA-03/source-failing/Kustomization/spoke-a/apps/GitRepository spoke-a/fleet': ago('1h') } },
    ],
    [
      'being fetched now',
      [kustomization(), fleet({ status: { conditions: [ready('Unknown', 'Progressing', '5s')] } })],
      'pass HEALTHY',
    ],
    [
      'never reconciled, 30 days old',
      [kustomization(), fleet({ status: { conditions: undefined } })],
      'fail SOURCE_NOT_READY',
      { message: /never reconciled/ },
    ],
    [
      'never reconciled, new',
      [kustomization(), fleet({ metadata: { creationTimestamp: ago('1m') }, status: { conditions: undefined } })],
      'warn SOURCE_NOT_READY',
    ],
    [
      'ExternalArtifact without conditions, with an artifact',
      [
        kustomization({ spec: { sourceRef: { kind: 'ExternalArtifact', name: 'ext' } } }),
        source('ExternalArtifact', 'ext', { status: { conditions: undefined, artifact: { revision: REVISION } } }),
      ],
      'pass HEALTHY',
    ],
    [
      'HelmRelease from a repository by a chart',
      [
        fromChart({ status: { lastAttemptedRevision: '1.0.0' } }),
        helmChart(artifact('1.0.0')),
        source('HelmRepository', 'charts'),
      ],
      'pass HEALTHY',
    ],
    [
      'HelmRepository missing',
      [fromChart({ status: { lastAttemptedRevision: '1.0.0' } }), helmChart(broken('3h'))],
      'fail SOURCE_MISSING',
      { verdicts: [`fail SOURCE_MISSING ${HR}`] },
    ],
    [
      'HelmRepository failing: named instead of its chart',
      [fromChart(), helmChart(broken('3h')), source('HelmRepository', 'charts', broken('3h'))],
      'fail SOURCE_NOT_READY',
      { message: /HelmRepository spoke-a\/charts/ },
    ],
    [
      'HelmChart failing, its repository fine',
      [fromChart(), helmChart(broken('3h')), source('HelmRepository', 'charts')],
      'fail SOURCE_NOT_READY',
      { message: /HelmChart spoke-a\/spoke-a-apps/ },
    ],
    [
      'HelmChart gone',
      [fromChart(), source('HelmRepository', 'charts')],
      'fail SOURCE_MISSING',
      { message: /HelmChart/ },
    ],
    [
      'OCI HelmRepository has no status',
      [
        fromChart({ status: { lastAttemptedRevision: '1.0.0' } }),
        helmChart(artifact('1.0.0')),
        source('HelmRepository', 'charts', { spec: { type: 'oci' }, status: { conditions: undefined } }),
      ],
      'pass HEALTHY',
    ],
    [
      'HelmRelease that waits for a failing source: one finding',
      [helmRelease(status(ready('False', 'SourceNotReady', '3h'))), chart(broken('3h'))],
      'fail SOURCE_NOT_READY',
      { verdicts: [`fail SOURCE_NOT_READY ${HR}`] },
    ],
    [
      'HelmRelease that waits for a source without artifact that says it is ready',
      [helmRelease(status(ready('False', 'SourceNotReady', '3h'))), chart({})],
      'fail SOURCE_NOT_READY',
      { verdicts: [`fail SOURCE_NOT_READY ${HR}`] },
    ],
    [
      'chartRef to a HelmChart, whose repository is missing',
      [
        helmRelease({
          spec: { chartRef: { kind: 'HelmChart', name: 'spoke-a-apps' } },
          status: { lastAttemptedRevision: '1.0.0' },
        }),
        helmChart(artifact('1.0.0')),
      ],
      'fail SOURCE_MISSING',
    ],
    ['no source named', [kustomization({ spec: { sourceRef: undefined } })], 'notEvaluated NO_SOURCE'],
    [
      'a kind that is not known',
      [kustomization({ spec: { sourceRef: { kind: 'Mystery', name: 'x' } } })],
      'notEvaluated UNKNOWN_SOURCE_KIND',
    ],
  ]);
});
