import {
  CLUSTER_SUBJECT,
  type Artifacts,
  type Collected,
  type Observation,
  defineControl,
  fail,
  matchesSelectorObject,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  warn,
} from '#libs/core';
import { COMPONENTS, type ControllerInstance, type ControllerRun, readFlag, setArgumentFixes } from '#libs/flux';
import { flagEvidence } from '../controller-flags/flag-evidence.js';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  type Inspection,
  fixTarget,
  inspectControllers,
} from '../controller-flags/inspect-controllers.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import { unseenControllers } from '../controller-flags/unseen-controllers.js';

const ELECTION = 'enable-leader-election';

interface Judged {
  readonly instance: ControllerInstance;
  /** Running pods, or the template where there are none. */
  readonly runs: readonly ControllerRun[];
  readonly title: string;
}

function specOf({ object }: ControllerRun) {
  const [spec, pointer] = object.kind === 'Pod' ? [object.spec, ''] : [object.spec.template.spec, '/spec/template'];
  return {
    spec,
    pointer: `${pointer}/spec`,
    labels: (object.kind === 'Pod' ? object.metadata.labels : object.spec.template.metadata?.labels) ?? {},
  };
}

/** As many as are wanted, or as run, whichever is more; pods that a rollout replaces are not counted twice. */
function replicasOf({ instance, runs }: Judged): number {
  const wanted = instance.deployment?.spec.replicas ?? 1;
  return instance.rollingOut ? wanted : Math.max(wanted, runs.filter(({ source }) => source === 'pod').length);
}

/** Several replicas must take turns. */
function election(judged: Judged, inspection: Inspection): readonly Observation[] {
  const { instance, runs, title } = judged;
  const replicas = replicasOf(judged);
  if (replicas < 2) return [];
  const subject = subjectOfInstance(instance);
  for (const run of runs) {
    const reading = readFlag(run.arguments, ELECTION, run.env);
    if (reading.state !== 'value') {
      const code = reading.state === 'undecidable' ? reading.code : 'ARGUMENT_CRASH';
      const missing = reading.state === 'undecidable' ? reading.missing : [];
      const message = `${title} has ${replicas} replicas, and it cannot be told whether they elect a leader: ${reading.message} Write --${ELECTION} into the arguments.`;
      return [notEvaluated(subject, missing.length > 0 ? 'forbidden' : 'undecidable', code, message, { missing })];
    }
    if (reading.value === true) continue;
    return [
      fail(
        subject,
        'NO_LEADER_ELECTION',
        `${title} has ${replicas} replicas that elect no leader. Each of them reconciles every object, and they undo or repeat what the others do. Start it with --${ELECTION}, or with one replica.`,
        {
          evidence: [flagEvidence(run, reading, `--${ELECTION}=true`)],
          fixes: setArgumentFixes(fixTarget(instance, inspection), `--${ELECTION}=true`),
        },
      ),
    ];
  }
  return [];
}

function disruption(judged: Judged, budgets: Collected<Artifacts['disruptionBudgets']>): readonly Observation[] {
  const { instance, runs, title } = judged;
  const [run] = runs;
  if (replicasOf(judged) < 2 || !run) return [];
  const subject = subjectOfInstance(instance);
  if (budgets.state === 'unavailable') return [notEvaluatedBecause(subject, budgets)];
  const { labels } = specOf(run);
  const covered = budgets.value.some(
    ({ metadata, spec }) => metadata.namespace === instance.namespace && matchesSelectorObject(spec.selector, labels),
  );
  if (covered) return [];
  const message = `${title} has several replicas but no PodDisruptionBudget. Draining nodes can stop all of them at once. Add one that keeps a replica.`;
  return [
    warn(subject, 'NO_DISRUPTION_BUDGET', message, {
      evidence: [
        {
          object: objectReference(run.object),
          pointer: run.object.kind === 'Pod' ? '/metadata/labels' : '/spec/template/metadata/labels',
          observed: labels,
          expected: 'labels that a PodDisruptionBudget selects',
        },
      ],
    }),
  ];
}

/** What happens to it when its node is short of memory or full. */
function pressure({ instance, runs, title }: Judged): readonly Observation[] {
  const subject = subjectOfInstance(instance);
  const unranked = runs.find((run) => !specOf(run).spec.priorityClassName);
  const unlimited = runs.find(({ container }) => container.resources?.limits?.['memory'] === undefined);
  const killed = runs.find(({ status }) => status?.state?.terminated?.reason === 'OOMKilled');
  return [
    ...(unranked
      ? [
          warn(
            subject,
            'NO_PRIORITY_CLASS',
            `${title} has no priority class. Its pod can be evicted in favour of any other one, and nothing is applied meanwhile. Set priorityClassName, such as system-cluster-critical, as Flux does.`,
            {
              evidence: [
                {
                  object: objectReference(unranked.object),
                  pointer: `${specOf(unranked).pointer}/priorityClassName`,
                  observed: null,
                  expected: 'system-cluster-critical, or a class of your own',
                },
              ],
            },
          ),
        ]
      : []),
    ...(unlimited
      ? [
          warn(
            subject,
            'NO_MEMORY_LIMIT',
            `${title} has no limit for memory. It can take its node down with it when an object makes it grow. Set a limit, as Flux does.`,
            {
              evidence: [
                {
                  object: objectReference(unlimited.object),
                  pointer: `${unlimited.pointer}/resources`,
                  observed: unlimited.container.resources
                    ? { limits: { ...unlimited.container.resources.limits } }
                    : null,
                  expected: 'a limit for memory',
                },
              ],
            },
          ),
        ]
      : []),
    ...(killed
      ? [
          warn(
            subject,
            'OOM_KILLED',
            `${title} was stopped because it reached its limit for memory, after ${killed.status?.restartCount ?? 0} restarts. While it restarts nothing is reconciled. Raise the limit or lower --concurrent.`,
            {
              severity: 'medium',
              evidence: [
                {
                  object: objectReference(killed.object),
                  pointer: '/status/containerStatuses',
                  observed: 'OOMKilled',
                  expected: 'a container that runs',
                },
              ],
            },
          ),
        ]
      : []),
  ];
}

export const availability = defineControl({
  id: 'FLUX-X-24',
  title: 'Controllers keep running, and only one of each works',
  family: 'Flux controllers',
  severity: 'low',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'While a controller is down nothing that it reconciles is applied, corrected or reported. ' +
    'Replicas that elect no leader all work at once, which is worse than one that waits.',
  audit:
    'An instance with several replicas must run with `--enable-leader-election`, or it fails; without a PodDisruptionBudget it is a warning. ' +
    'Instances without a priority class or a limit for memory, and containers that were stopped for memory, are warnings. ' +
    'Whether tenants may use the priority classes of the system is not tested here.',
  remediation:
    'Keep what Flux ships: `--enable-leader-election`, `priorityClassName: system-cluster-critical`, and a limit for memory. ' +
    'Add a PodDisruptionBudget where you run several replicas.',
  references: [
    'https://fluxcd.io/flux/installation/configuration/vertical-scaling/',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/',
    'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
  ],
  requires: CONTROLLER_ARTIFACTS,
  optional: [...CONTEXT_ARTIFACTS, 'disruptionBudgets'],
  examples: {
    passing: [
      {
        title: 'as Flux ships it',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system }
          spec:
            priorityClassName: system-cluster-critical
            containers:
              - name: manager
                image: ghcr.io/fluxcd/helm-controller:v1.6.3
                args: [--enable-leader-election]
                resources: { limits: { cpu: 1000m, memory: 1Gi }, requests: { cpu: 100m, memory: 64Mi } }`,
      },
    ],
    failing: [
      {
        title: 'two replicas that elect no leader',
        yaml: `
          apiVersion: apps/v1
          kind: Deployment
          metadata: { name: helm-controller, namespace: flux-system }
          spec:
            replicas: 2
            template:
              metadata: { labels: { app: helm-controller } }
              spec:
                priorityClassName: system-cluster-critical
                containers:
                  - name: manager
                    image: ghcr.io/fluxcd/helm-controller:v1.6.3
                    args: [--log-level=info]
                    resources: { limits: { memory: 1Gi } }`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const inspection = inspectControllers(artifacts, context);
    if (inspection.instances.length === 0) {
      const unseen = unseenControllers(COMPONENTS, inspection);
      return unseen.length > 0
        ? unseen
        : [notApplicable(CLUSTER_SUBJECT, 'NO_CONTROLLER', 'No controller of Flux runs in this cluster.')];
    }
    return inspection.instances.flatMap((instance): readonly Observation[] => {
      const live = instance.pods.filter(({ terminating }) => !terminating);
      const runs = live.length > 0 || !instance.template ? live : [instance.template];
      const title = `${instance.component} ${instance.namespace}/${instance.owner.name}`;
      const judged: Judged = { instance, runs, title };
      const found = [
        ...election(judged, inspection),
        ...disruption(judged, artifacts.disruptionBudgets),
        ...pressure(judged),
      ];
      if (found.length > 0) return found;
      return [
        pass(
          subjectOfInstance(instance),
          'KEEPS_RUNNING',
          `${title} has a priority class and a limit for memory, and no replicas that work at once.`,
        ),
      ];
    });
  },
});
