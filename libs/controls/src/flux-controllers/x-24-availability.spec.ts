import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { type ControllerOptions, controller } from '../../../../test/support/flux-installation.js';
import { availability as control } from './x-24-availability.js';

interface Shape {
  readonly replicas?: number;
  readonly priority?: string;
  readonly memory?: string;
  readonly terminated?: string;
}
function helm(args: readonly string[], shape: Shape = {}, options: ControllerOptions = {}): object[] {
  const { replicas = 1, priority = 'system-cluster-critical', memory = '1Gi', terminated } = shape;
  return controller('helm-controller', args, options).map(
    (object) =>
      JSON.parse(JSON.stringify(object), (key, value: unknown) => {
        if (key === 'replicas') return value === 0 ? 0 : replicas;
        if (typeof value !== 'object' || value === null) return value;
        if ('containers' in value) return { ...value, ...(priority && { priorityClassName: priority }) };
        if ('image' in value) return { ...value, ...(memory && { resources: { limits: { memory } } }) };
        if ('ready' in value && terminated)
          return { ...value, restartCount: 4, state: { terminated: { reason: terminated } } };
        return value;
      }) as object,
  );
}
const budget = (matchLabels: Record<string, string>, namespace = 'flux-system') => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'b', namespace },
  spec: { selector: { matchLabels } },
});
const BUDGET = budget({ app: 'helm-controller' });
const OFF = ['--enable-leader-election=false'];
const H = 'Deployment/flux-system/helm-controller manager';

describe('FLUX-X-24', () => {
  tableOf(control)([
    ['as Flux ships it', helm([]), 'pass KEEPS_RUNNING', { verdicts: [`pass KEEPS_RUNNING ${H}`] }],
    ['two replicas with leader election and a budget', [...helm([], { replicas: 2 }), BUDGET], 'pass KEEPS_RUNNING'],
    ['two replicas without a budget', helm([], { replicas: 2 }), 'warn NO_DISRUPTION_BUDGET'],
    ['a budget for other pods', [...helm([], { replicas: 2 }), budget({ app: 'x' })], 'warn NO_DISRUPTION_BUDGET'],
    [
      'a budget in another namespace',
      [...helm([], { replicas: 2 }), budget({ app: 'helm-controller' }, 'apps')],
      'warn NO_DISRUPTION_BUDGET',
    ],
    [
      'two replicas without leader election',
      [...helm(OFF, { replicas: 2 }), BUDGET],
      'fail NO_LEADER_ELECTION',
      { severity: 'low', verdicts: [`fail NO_LEADER_ELECTION ${H}`] },
    ],
    [
      'two replicas, the flag is not given',
      [...helm([], { replicas: 2 }, { bare: true }), BUDGET],
      'fail NO_LEADER_ELECTION',
    ],
    ['one replica without leader election', helm(OFF), 'pass KEEPS_RUNNING'],
    ['scaled to zero', helm(OFF, {}, { state: 'scaledToZero' }), 'pass KEEPS_RUNNING'],
    [
      'two replicas, and the flag is not known',
      [
        ...helm(
          ['--enable-leader-election=$(E)'],
          { replicas: 2 },
          { env: [{ name: 'E', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
        ),
        BUDGET,
      ],
      'notEvaluated UNRESOLVED_ENV',
    ],
    [
      'budgets cannot be listed',
      helm([], { replicas: 2 }),
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { disruptionBudgets: 'forbidden' } },
    ],
    [
      'budgets do not matter for one replica',
      helm([]),
      'pass KEEPS_RUNNING',
      { unavailable: { disruptionBudgets: 'forbidden' } },
    ],
    ['no priority class', helm([], { priority: '' }), 'warn NO_PRIORITY_CLASS'],
    ['no limit for memory', helm([], { memory: '' }), 'warn NO_MEMORY_LIMIT'],
    [
      'stopped for memory',
      helm([], { terminated: 'OOMKilled' }),
      'warn OOM_KILLED',
      { severity: 'medium', message: /4 restarts/ },
    ],
    ['ended for another reason', helm([], { terminated: 'Error' }), 'pass KEEPS_RUNNING'],
    ['no controller', [], 'notApplicable NO_CONTROLLER'],
  ]);

  it('adds the argument', () => {
    const [observation] = judge(control, helm(OFF, { replicas: 2 })).observations;
    expect(observation?.fixes?.[0]?.content).toMatch(/name: helm-controller[\s\S]*--enable-leader-election=true/);
  });
});
