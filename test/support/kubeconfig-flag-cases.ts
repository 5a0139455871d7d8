import type { EnvVar, Severity } from '#libs/core';
import type { Component } from '#libs/flux';
import type { ControlCase } from './expect-control.js';
import { type ControllerOptions, SHARED, controller, fluxObject, withoutLabels } from './flux-installation.js';
import { unrecognisedCases } from './unrecognised-cases.js';

export interface KubeconfigFlag {
  readonly component: Extract<Component, 'helm-controller' | 'kustomize-controller'>;
  readonly flag: 'insecure-kubeconfig-exec' | 'insecure-kubeconfig-tls';
  /** The last version without such a flag. */
  readonly unsafe: string;
  /** An image of a known release, by digest only. */
  readonly digest: string;
  /** On a shared cluster. */
  readonly severity: Severity;
}

/** What holds for `--insecure-kubeconfig-exec` and `--insecure-kubeconfig-tls` of both controllers. */
export function kubeconfigFlagCases({ component, flag, unsafe, digest, severity }: KubeconfigFlag): ControlCase[] {
  const one = (args: readonly string[], options?: ControllerOptions) => controller(component, args, options);
  const allow = (variable: EnvVar): ControllerOptions => ({ env: [variable] });
  const shared = { registration: SHARED };
  const name = `Deployment/flux-system/${component} manager`;
  const failing = { outcome: 'fail', reason: 'FLAG_TRUE', severity, options: shared } as const;
  const crashing = { outcome: 'fail', reason: 'ARGUMENT_CRASH', severity, options: shared } as const;
  const passing = { outcome: 'pass', reason: 'FLAG_OFF', options: shared } as const;
  return [
    { state: 'no such argument', input: one([]), ...passing, verdicts: [`pass FLAG_OFF ${name}`] },
    { state: '=true', input: one([`--${flag}=true`]), ...failing, verdicts: [`fail FLAG_TRUE ${name}`] },
    { state: 'a bare flag is true', input: one([`--${flag}`]), ...failing },
    { state: 'the next argument is not its value', input: one([`--${flag}`, 'false']), ...failing },
    {
      state: 'the last occurrence wins',
      input: one([`--${flag}=true`, '--log-level=info', `--${flag}=0`]),
      ...passing,
    },
    { state: 'T is true', input: one([`--${flag}=T`]), ...failing },
    { state: 'yes stops the controller', input: one([`--${flag}=yes`], { state: 'crashLoop' }), ...crashing },
    {
      state: 'yes, and yet it is ready',
      input: one([`--${flag}=yes`]),
      options: shared,
      outcome: 'notEvaluated',
      reason: 'PARSE_MISMATCH',
      verdicts: [`notEvaluated PARSE_MISMATCH ${name}`],
    },
    { state: 'yes, started a minute ago', input: one([`--${flag}=yes`], { state: 'starting' }), ...crashing },
    { state: 'a single dash', input: one([`-${flag}=true`], { state: 'crashLoop' }), ...crashing },
    { state: 'after --', input: one(['--', `--${flag}=true`]), ...passing },
    {
      state: 'from a variable',
      input: one([`--${flag}=$(ALLOW)`], allow({ name: 'ALLOW', value: 'true' })),
      ...failing,
    },
    {
      state: 'from a Secret',
      input: one(
        [`--${flag}=$(ALLOW)`],
        allow({ name: 'ALLOW', valueFrom: { secretKeyRef: { name: 'settings', key: 'allow' } } }),
      ),
      options: shared,
      outcome: 'notEvaluated',
      reason: 'UNRESOLVED_ENV',
      message: /\$\(ALLOW\).*Secret flux-system\/settings/,
    },
    {
      state: 'from a ConfigMap that may not be read',
      input: one(
        [`--${flag}=$(ALLOW)`],
        allow({ name: 'ALLOW', valueFrom: { configMapKeyRef: { name: 'settings', key: 'allow' } } }),
      ),
      options: { ...shared, unavailableConfigMaps: { 'flux-system/settings': 'forbidden' } },
      outcome: 'notEvaluated',
      reason: 'UNRESOLVED_ENV',
      message: /ConfigMap flux-system\/settings/,
    },
    {
      state: 'from a variable that is not defined',
      input: one([`--${flag}=$(ALLOW)`], { state: 'crashLoop' }),
      ...crashing,
    },
    {
      state: 'in the command',
      input: one([], { command: ['/sbin/tini', '--', component, `--${flag}`], bare: true }),
      ...failing,
    },
    {
      state: 'behind a shell',
      input: one([], { command: ['sh', '-c', `exec ${component} $OPTS`], bare: true }),
      options: shared,
      outcome: 'notEvaluated',
      reason: 'SHELL_WRAPPER',
    },
    {
      state: 'a version before the flag',
      input: one([], { image: `ghcr.io/fluxcd/${component}:v${unsafe}` }),
      options: shared,
      outcome: 'fail',
      reason: 'UNSAFE_VERSION',
      severity,
      message: /Upgrade Flux/,
    },
    {
      state: 'only a shard has it',
      input: [...one([]), ...one([`--${flag}=true`], { name: `${component}-shard1` })],
      ...failing,
      verdicts: [`fail FLAG_TRUE Deployment/flux-system/${component}-shard1 manager`, `pass FLAG_OFF ${name}`],
    },
    {
      state: 'the template is safe, an old pod still has it',
      input: one([], { podArgs: [`--${flag}=true`], rollingOut: true }),
      ...failing,
    },
    {
      state: 'the template has it, the pods do not yet',
      input: one([`--${flag}=true`], { podArgs: [], rollingOut: true }),
      options: shared,
      outcome: 'fail',
      reason: 'PENDING_UNSAFE',
      severity,
    },
    {
      state: 'only a pod that is being deleted has it',
      input: one([], { terminatingArgs: [`--${flag}=true`] }),
      options: shared,
      outcome: 'warn',
      reason: 'TERMINATING_POD',
    },
    {
      state: 'only a namesake from k3s',
      input: one([], {
        image: 'rancher/helm-controller:v0.15',
        namespace: 'kube-system',
        bare: true,
        labels: {},
      }).map(withoutLabels),
      options: shared,
      outcome: 'notApplicable',
      reason: 'NO_CONTROLLER',
    },
    { state: 'an image by digest', input: one([], { image: `registry.local/x@${digest}` }), ...passing },
    {
      state: 'Deployments may not be listed',
      input: one([]),
      options: { ...shared, unavailable: { deployments: 'forbidden' } },
      outcome: 'notEvaluated',
      reason: 'RBAC_DENIED_READ',
    },
    { state: 'flag and value in one argument', input: one([`--${flag} true`], { state: 'crashLoop' }), ...crashing },
    {
      state: 'no dashes',
      input: one([`${flag}=true`]),
      options: shared,
      outcome: 'warn',
      reason: 'IGNORED_ARGUMENT',
      verdicts: [`warn IGNORED_ARGUMENT ${name} ${flag}`, `pass FLAG_OFF ${name}`],
    },
    {
      state: 'an image without a version',
      input: one([], { image: `ghcr.io/fluxcd/${component}:latest` }),
      options: shared,
      outcome: 'warn',
      reason: 'VERSION_UNKNOWN',
      verdicts: [`warn VERSION_UNKNOWN ${name}`, `pass FLAG_OFF ${name}`],
    },
    {
      state: 'an unknown flag before it, in a version that is newer than Plimsoll',
      input: one(['--new-flag', `--${flag}=true`], { image: `ghcr.io/fluxcd/${component}:v9.0.0` }),
      options: shared,
      outcome: 'notEvaluated',
      reason: 'AMBIGUOUS_UNKNOWN_FLAG',
    },
    {
      state: 'an unknown flag with = before it, in such a version',
      input: one(['--new-flag=1', `--${flag}=true`], { image: `ghcr.io/fluxcd/${component}:v9.0.0` }),
      ...failing,
    },
    {
      state: 'scaled to zero, with the flag in the template',
      input: one([`--${flag}=true`], { state: 'scaledToZero' }),
      ...failing,
      verdicts: [`fail FLAG_TRUE ${name}`, `warn CONTROLLER_NOT_RUNNING ${name}`],
    },
    {
      state: 'scaled to zero, safe',
      input: one([], { state: 'scaledToZero' }),
      options: shared,
      outcome: 'warn',
      reason: 'CONTROLLER_NOT_RUNNING',
    },
    {
      state: 'restarting for another reason',
      input: one([], { state: 'crashLoop' }),
      options: shared,
      outcome: 'warn',
      reason: 'CONTROLLER_NOT_RUNNING',
    },
    {
      state: 'the use of kubeconfigs is told',
      input: [
        ...one([`--${flag}=true`]),
        fluxObject('HelmRelease', 'team-a/app', { kubeConfig: { secretRef: { name: 'k' } } }),
        fluxObject('Kustomization', 'team-a/app', { kubeConfig: { secretRef: { name: 'k' } } }),
        fluxObject('Kustomization', 'team-b/app', { kubeConfig: { secretRef: { name: 'k' } } }),
      ],
      ...failing,
      message: component === 'helm-controller' ? /1 HelmRelease here takes/ : /2 Kustomizations here take/,
    },
    ...unrecognisedCases(component),
  ];
}
