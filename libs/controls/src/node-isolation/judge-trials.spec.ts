import { describe, expect, it } from 'vitest';
import type { Probe, ProbeVerdict } from '#libs/core';
import { clusterPolicy, kyvernoWebhook } from '../../../../test/support/admission-policies.js';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, namespace } from '../../../../test/support/flux-installation.js';
import { runtimeClass } from '../../../../test/support/node-objects.js';
import {
  ACCEPTED,
  type Answer,
  BY_POD_SECURITY,
  BY_QUOTA,
  byPolicy,
  byWebhook,
  tried,
} from '../../../../test/support/probe-results.js';
import { account, bindIn, clusterRole, group, rule } from '../../../../test/support/rbac-objects.js';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { planProbes } from '../probes/plan-probes.js';
import { PROBED_RESOURCES } from '../probes/probed-resources.js';
import { noPrivilegedPods as control } from './node-02-no-privileged-pods.js';

const registration = {
  ...SHARED,
  tenants: [
    { ...SHARED.tenants[0], principals: { groups: ['team-a'] } },
    { ...SHARED.tenants[1], namespaces: { names: ['team-b'] } },
  ],
};
const options = { registration };
const enforce = (level: string, name = 'team-a') => namespace(name, { 'pod-security.kubernetes.io/enforce': level });
const creator = [
  clusterRole('creator', [rule('create', 'pods')]),
  bindIn('team-a', 'creator', group('team-a')),
] as const;
const restricted = [enforce('restricted'), ...creator];
const privileged = [enforce('privileged'), ...creator];
const variantOf = ({ key }: Probe) => key.replace(/ in \S+$/, '');

/** The control is let in; what is not named is refused by Pod Security Admission. */
const answers =
  (named: Readonly<Record<string, ProbeVerdict | undefined>> = {}, otherwise: ProbeVerdict = BY_POD_SECURITY): Answer =>
  (probe) => {
    const variant = variantOf(probe);
    if (variant in named) return named[variant];
    return variant === 'control pod' ? ACCEPTED : otherwise;
  };
const run = (objects: readonly object[], answer: Answer) => tried(objects, answer, options);
const kyverno = [clusterPolicy(['Pod'], { podSecurity: { level: 'baseline', version: 'latest' } }), kyvernoWebhook()];
const KYVERNO = byWebhook('validate.kyverno.svc-fail');

describe('FLUX-NODE-02, tried', () => {
  const judges = tableOf(control);

  judges([
    [
      'restricted, and all refused',
      run(restricted, answers()),
      'pass PODS_REFUSED',
      { ...options, message: /Pod Security Admission refused 6 kinds of privileged pods in dry-runs, and a harmless/ },
    ],
    [
      'set to privileged, with a policy that audits, and let in',
      run([...privileged, clusterPolicy(['Pod'], {}, { action: 'Audit' }), kyvernoWebhook()], answers({}, ACCEPTED)),
      'fail PRIVILEGED_PODS_ADMITTED',
      { ...options, message: /The API server would let plimsoll:member \(team-a\) of team-a create pods with/ },
    ],
    [
      'one kind let in',
      run(restricted, answers({ hostPath: ACCEPTED })),
      'fail PRIVILEGED_PODS_ADMITTED',
      { ...options, message: /pods with paths of the node \(hostPath\) in team-a.*must exempt/ },
    ],
    [
      'may not create pods, as it turns out',
      run(restricted, () => ({ kind: 'unauthorized' })),
      'pass PSA_ENFORCED',
      { ...options, message: /may not create pods directly/ },
    ],
    [
      'may not create pods, and nothing guards',
      run(privileged, () => ({ kind: 'unauthorized' })),
      'fail PRIVILEGED_PODS_ADMITTED',
      { ...options, message: /Nothing that is known here refuses/ },
    ],
    [
      'may not be impersonated',
      run(restricted, () => ({ kind: 'cannotImpersonate' })),
      'pass PSA_ENFORCED',
      { ...options, message: /may not be impersonated/ },
    ],
    [
      'no room for the harmless pod',
      run(restricted, answers({ 'control pod': BY_QUOTA })),
      'notEvaluated NO_POSITIVE_CONTROL',
      { ...options, message: /refused by a quota as well/ },
    ],
    ['no room for any pod', run(restricted, () => BY_QUOTA), 'notEvaluated NO_POSITIVE_CONTROL', options],
    [
      'an image that is not allowed',
      run(restricted, () => byWebhook('images.example.com')),
      'notEvaluated NO_POSITIVE_CONTROL',
      { ...options, message: /the admission webhook images.example.com as well.*pauseImage/ },
    ],
    [
      'the harmless pod is refused, and a privileged one let in',
      run(restricted, answers({ 'control pod': BY_QUOTA, privileged: ACCEPTED })),
      'fail PRIVILEGED_PODS_ADMITTED',
      options,
    ],
    [
      'a webhook without dry-runs',
      run(restricted, () => ({ kind: 'dryRunUnsupported', name: 'x.example.com' })),
      'notEvaluated DRYRUN_UNSUPPORTED',
      { ...options, message: /webhook x.example.com does not support/ },
    ],
    [
      'a webhook without dry-runs for one kind only',
      run(restricted, answers({ hostPID: { kind: 'dryRunUnsupported' } })),
      'notEvaluated DRYRUN_UNSUPPORTED',
      options,
    ],
    [
      'an exempt runtime class',
      run([...restricted, runtimeClass('x', 'runc')], answers({ 'privileged with RuntimeClass x': ACCEPTED })),
      'fail PRIVILEGED_PODS_ADMITTED',
      { ...options, message: /privileged containers of the runtime class x/ },
    ],
    [
      'a quota alone keeps a privileged pod out',
      run(restricted, answers({ privileged: BY_QUOTA })),
      'fail PRIVILEGED_PODS_ADMITTED',
      { ...options, message: /Nothing but a quota keeps/ },
    ],
    [
      'ports of the node are let in',
      run(restricted, answers({ hostPort: ACCEPTED, seccomp: BY_QUOTA })),
      'warn BASELINE_NOT_ENFORCED',
      { ...options, message: /ports of the node \(hostPort\), seccomp switched off are let in/ },
    ],
    [
      'an unmasked /proc in a user namespace',
      run(restricted, answers({ procMount: ACCEPTED })),
      'pass PODS_REFUSED',
      options,
    ],
    [
      'a kind without a clear answer',
      run(restricted, answers({ hostPID: { kind: 'inconclusive' }, hostIPC: undefined })),
      'pass PSA_ENFORCED',
      { ...options, message: /did not settle it.*hostIPC.*hostPID/ },
    ],
    [
      'a broken policy refuses everything but the harmless pod',
      run(privileged, answers({}, { kind: 'brokenPolicy', name: 'p' })),
      'fail PRIVILEGED_PODS_ADMITTED',
      { ...options, message: /Nothing that is known here refuses/ },
    ],
    [
      'a policy that was only read before',
      run([namespace('team-a', {}), ...creator, ...kyverno], answers({}, KYVERNO)),
      'pass PODS_REFUSED',
      { ...options, message: /the admission webhook validate.kyverno.svc-fail refused/ },
    ],
    [
      'a guard that reading does not know',
      run(privileged, answers({}, byWebhook('pods.example.com'))),
      'pass PODS_REFUSED',
      options,
    ],
    [
      'refused, and the label in the hands of the tenant',
      run(
        [...restricted, clusterRole('own', [rule('patch', 'namespaces')]), bindIn('team-a', 'own', group('team-a'))],
        answers(),
      ),
      'fail TENANT_CAN_RELAX_PSA',
      options,
    ],
    [
      'a default of the API server, and labels in the hands of the tenant',
      run(
        [
          namespace('team-a', {}),
          ...creator,
          clusterRole('own', [rule('patch', 'namespaces/status')]),
          bindIn('team-a', 'own', group('team-a')),
        ],
        answers(),
      ),
      'fail TENANT_CAN_RELAX_PSA',
      options,
    ],
    [
      'a guard that reading does not know, and labels in the hands of the tenant',
      run(
        [
          ...privileged,
          clusterRole('own', [rule('patch', 'namespaces')]),
          bindIn('team-a', 'own', account('team-a/default')),
        ],
        answers({}, byPolicy('pods')),
      ),
      'fail TENANT_CAN_EXEMPT',
      options,
    ],
  ]);

  it('is sure of what was tried, and says how', () => {
    const result = judge(control, run(restricted, answers()), options);
    expect(result.observations).toMatchObject([
      {
        confidence: 'proven',
        evidence: [{ note: expect.stringContaining('HTTP 403, Audit-Id audit-1') as unknown, observed: 'restricted' }],
      },
    ]);
  });

  it('is less sure where runtime classes are not known', () => {
    const more = { ...options, unavailable: { runtimeClasses: 'forbidden' } } as const;
    const result = judge(control, tried(restricted, answers(), more), more);
    expect(result.observations).toMatchObject([{ reason: 'PODS_REFUSED', confidence: 'derived' }]);
  });
});

describe('dry-runs of pods', () => {
  const planned = (objects: readonly object[], more: object = {}) =>
    planProbes(snapshotOf(objects, { registration: { ...registration, ...more } }).artifacts);

  it('are in the name of somebody of the tenant who may create pods', () => {
    const probes = planned([...restricted, enforce('restricted', 'team-b')]);
    expect(probes).toHaveLength(10);
    expect(new Set(probes.map(({ as, target }) => `${as.groups.join()} ${target.namespace}`))).toEqual(
      new Set(['team-a team-a']),
    );
  });

  it('are of what the manifest of active verification names', () => {
    expect(PROBED_RESOURCES).toContainEqual({ verb: 'create', group: '', resource: 'pods' });
    expect(new Set(planned(restricted).map(({ method, target }) => `${method} ${target.resource}`))).toEqual(
      new Set(['POST pods']),
    );
  });

  it('are in the name of an account where no principal may', () => {
    const [probe] = planned([enforce('restricted'), creator[0], bindIn('team-a', 'creator', account('team-a/ci'))]);
    expect(probe?.as).toEqual({ user: 'system:serviceaccount:team-a:ci', groups: [] });
  });

  it('take the image that the platform names', () => {
    const image = (more: object) => JSON.stringify(planned(restricted, more)[0]?.body);
    expect(image({})).toContain('"registry.k8s.io/pause:3.10"');
    expect(image({ activeVerification: { enabled: true, pauseImage: 'r.example/pause:1' } })).toContain(
      '"r.example/pause:1"',
    );
  });

  it('are none where it is not known who may what, or who is who', () => {
    const none = (unavailable: object) =>
      planProbes(snapshotOf(restricted, { ...options, unavailable }).artifacts).length;
    expect(none({ rbac: 'forbidden' })).toBe(0);
    expect(none({ namespaces: 'forbidden' })).toBe(0);
    expect(none({ registration: 'forbidden' })).toBe(0);
    expect(none({})).toBe(10);
  });

  it('never use the name of the platform', () => {
    expect(planned(restricted, { platformPrincipals: { groups: ['team-a'] } })).toEqual([]);
  });
});
