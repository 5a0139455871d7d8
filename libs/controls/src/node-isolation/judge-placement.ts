import {
  type Deployment,
  type Evidence,
  type Fix,
  type KubernetesObject,
  type Node,
  type Observation,
  type Subject,
  type Taint,
  count,
  fail,
  leastSure,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { staysOffNodes } from '#libs/admission';
import { type ControllerInstance, excerpt } from '#libs/flux';
import {
  type AdmissionView,
  coverageOf,
  describeRules,
  describeShortcoming,
  placesOf,
  ruleEvidence,
} from '../admission/admission-view.js';
import { type ProbeAnswers, describeProbe, describeWho } from '../probes/probe-answers.js';
import type { TenantModel } from '../tenants/tenant-model.js';
import { lastingTaints, type Placement, placementOf, tolerates } from './scheduling.js';
import { isVirtual, shown } from './tenant-pods.js';
import { nodesToTry, ontoNodes, taintsOf } from './trial-places.js';

/** A Deployment of Flux, or a pod without one: several controllers may be in it. */
export interface FluxWorkload {
  readonly object: KubernetesObject;
  readonly subject: Subject;
  /** `Deployment flux-system/helm-controller`, for people. */
  readonly title: string;
  readonly placement: Placement;
  /** JSON pointer of the pod's spec in `object`. */
  readonly pointer: string;
  /** The nodes of its pods; those that it may be put on where none runs. */
  readonly on: readonly Node[];
  /** The nodes that it may be put on. */
  readonly candidates: readonly Node[];
}

export function workloadsOf(instances: readonly ControllerInstance[], nodes: readonly Node[]): readonly FluxWorkload[] {
  const byName = new Map(nodes.map((node) => [node.metadata.name, node]));
  const workloads = new Map<string, FluxWorkload>();
  for (const { namespace, owner, deployment, pods } of instances) {
    const key = `${namespace}/${owner.kind}/${owner.name}`;
    const object: KubernetesObject | undefined = deployment ?? pods[0]?.object;
    if (!object || workloads.has(key)) continue;
    const spec = deployment ? deployment.spec.template.spec : podSpecOf(object);
    const placement = placementOf(spec);
    const tolerations = (spec.tolerations ?? []) as Parameters<typeof tolerates>[0];
    const candidates = nodes.filter(
      (node) => placement.allows(node) && lastingTaints(node).every((taint) => tolerates(tolerations, taint)),
    );
    const on = pods.flatMap((run) =>
      run.object.kind === 'Pod' ? (byName.get(run.object.spec.nodeName ?? '') ?? []) : [],
    );
    workloads.set(key, {
      object,
      subject: subjectOf(object),
      title: `${object.kind} ${namespace}/${excerpt(object.metadata.name, 80)}`,
      placement,
      pointer: deployment ? '/spec/template/spec' : '/spec',
      on: on.length > 0 ? [...new Set(on)] : candidates,
      candidates,
    });
  }
  return [...workloads.values()];
}

function podSpecOf(object: KubernetesObject): Deployment['spec']['template']['spec'] {
  return (object as KubernetesObject & { readonly spec: Deployment['spec']['template']['spec'] }).spec;
}

interface PlacementContext {
  readonly model: TenantModel;
  readonly view: AdmissionView;
  readonly nodes: readonly Node[];
  readonly answers: ProbeAnswers;
}

/** Whether the nodes of one workload of Flux are kept free of others, and it is kept on them. */
export function judgePlacement(workload: FluxWorkload, context: PlacementContext): Observation {
  const { model } = context;
  const { subject, title, on, candidates, placement } = workload;
  const real = on.filter((node) => !isVirtual(node));
  const open = real.filter((node) => lastingTaints(node).length === 0);
  const confidence = leastSure(model.confidence, 'derived');
  if (real.length === 0 && on.length > 0) {
    return pass(subject, 'SEPARATED', `${title} runs on virtual nodes, where each pod has a machine of its own.`, {
      confidence,
    });
  }
  const names = shown(
    open.map(({ metadata }) => metadata.name),
    5,
  );
  if (open.length === real.length) {
    return fail(
      subject,
      'NO_TAINT',
      real.length === 0
        ? `${title} fits on no node of the cluster, so that no taint guards its nodes. Flux recommends nodes with a taint for its controllers. Give it such nodes, with a toleration and a required node affinity.`
        : `${title} runs on ${count(real.length, 'node')} without a taint that keeps other pods away: ${names}. The scheduler may put any pod of a tenant beside it. ` +
            'Taint these nodes, and give the Deployment the toleration and a required node affinity.',
      { severity: 'medium', confidence, evidence: taintEvidence(open, workload), fixes: FIXES },
    );
  }
  if (open.length > 0) {
    return warn(
      subject,
      'PARTLY_TAINTED',
      `${title} runs on ${count(real.length, 'node')}, of which these have no taint that keeps other pods away: ${names}. The scheduler may put any pod of a tenant there. Taint them too.`,
      { severity: 'medium', confidence, evidence: taintEvidence(open, workload), fixes: FIXES },
    );
  }
  const untainted = candidates.filter((node) => !isVirtual(node) && lastingTaints(node).length === 0);
  if (!placement.narrow || untainted.length > 0) {
    const free =
      untainted.length > 0
        ? `, such as ${shown(
            untainted.map(({ metadata }) => metadata.name),
            3,
          )}`
        : '';
    return warn(
      subject,
      'MAY_LEAVE_POOL',
      `${title} runs on tainted nodes, but nothing keeps it there: its nodeSelector and node affinity allow nodes outside of its pool${free}. A toleration lets it in and does not hold it. Require the label of its nodes by node affinity.`,
      { severity: 'medium', confidence, evidence: [placementEvidence(workload)], fixes: FIXES },
    );
  }
  return tried(forced(workload, real, context), workload, real, context);
}

/** Taint and affinity are there: whether tenants could tolerate the taint all the same. */
function forced(
  { subject, title }: FluxWorkload,
  nodes: readonly Node[],
  { model, view }: Pick<PlacementContext, 'model' | 'view'>,
): Observation {
  const places = model.unknownNamespaces ? [] : placesOf(model.tenants);
  const said = `${title} is kept on tainted nodes by its affinity`;
  const confidence = leastSure(model.confidence, 'derived');
  const answers = nodes.map((node) => {
    const coverages = lastingTaints(node).map((taint) => coverageOf(view, staysOffNodes(taint), places));
    return coverages.find(({ state }) => state === 'enforced') ?? coverages[0];
  });
  const open = answers.find((answer) => answer?.state !== 'enforced');
  if (!open && answers.length > 0) {
    const rules = [...new Set(answers.flatMap((answer) => (answer?.state === 'enforced' ? answer.by : [])))];
    return pass(
      subject,
      'SEPARATED',
      `${said}, and ${describeRules(rules)} keeps pods of tenants from tolerating the taint and from naming a node.`,
      { confidence, evidence: ruleEvidence(rules, 'keeps pods of tenants off the nodes of Flux') },
    );
  }
  const near = open?.state === 'open' ? describeShortcoming(open.nearest, open.where) : undefined;
  return warn(
    subject,
    'NOT_PROVEN',
    `${said}, but a tenant writes the tolerations of its own pods, and no admission policy is known to refuse that of the taint, or spec.nodeName, in every namespace of a tenant.${near === undefined ? '' : ` ${near}`} ` +
      'Let a policy refuse them, or switch the plugins PodNodeSelector and PodTolerationRestriction on, which cannot be seen from here.',
    { severity: 'low', confidence, evidence: taintEvidence(nodes) },
  );
}

/** What reading tells, weighed against pods that were tried in the namespaces of tenants. */
function tried(
  read: Observation,
  { subject, title }: FluxWorkload,
  nodes: readonly Node[],
  { model, answers }: PlacementContext,
): Observation {
  const places = model.unknownNamespaces ? [] : placesOf(model.tenants);
  const trials = places.flatMap(({ namespace }) =>
    nodesToTry(nodes).map((node) => {
      const alike = nodes.filter((each) => taintsOf(each) === taintsOf(node));
      return { namespace, node, ...ontoNodes(answers, namespace, node, alike) };
    }),
  );
  const open = trials.filter(({ state }) => state === 'open');
  const [first] = open;
  if (first?.result) {
    const { result, node } = first;
    const where = shown([...new Set(open.map(({ namespace }) => namespace))], 5);
    return warn(
      subject,
      'TENANT_MAY_LAND',
      `${title} is kept on tainted nodes by its affinity, but pods of tenants can be put there too: a dry-run in the name of ${describeWho(result)} that ${excerpt(result.probe.what, 160)} went through. The same holds in: ${where}. ` +
        'Let an admission policy refuse spec.nodeName and tolerations of the taint in namespaces of tenants.',
      {
        severity: 'medium',
        confidence: leastSure(model.confidence, 'proven'),
        evidence: taintEvidence([node]).map((each) => ({ ...each, note: describeProbe(result) })),
      },
    );
  }
  if (trials.length === 0 || new Set(nodes.map(taintsOf)).size > nodesToTry(nodes).length) return read;
  if (trials.some(({ state }) => state !== 'closed')) return read;
  return pass(
    subject,
    'SEPARATED',
    `${title} is kept on tainted nodes by its affinity, and dry-runs in every namespace of a tenant showed that its pods can get there neither by a toleration nor by naming a node.`,
    { confidence: leastSure(model.confidence, 'proven'), evidence: taintEvidence(nodes) },
  );
}

const MAX_EVIDENCE = 10;

function taintEvidence(nodes: readonly Node[], workload?: FluxWorkload): [Evidence, ...Evidence[]] {
  const found = nodes.slice(0, MAX_EVIDENCE).map((node): Evidence => {
    const taints = node.spec.taints ?? [];
    return {
      object: objectReference(node),
      pointer: '/spec/taints',
      observed: taints.length > 0 ? taints.map(describeTaint) : null,
      expected: 'a taint with NoSchedule or NoExecute that pods of tenants do not tolerate',
    };
  });
  const [first, ...more] = [...found, ...(workload ? [placementEvidence(workload)] : [])];
  if (!first) throw new TypeError('A verdict on taints needs a node.');
  return [first, ...more];
}

function placementEvidence({ object, pointer, placement }: FluxWorkload): Evidence {
  return {
    object: objectReference(object),
    pointer: `${pointer}${placement.pointer}` || '/spec',
    observed: placement.narrow ? 'some nodes' : 'any node of the operating system',
    expected: 'a required node affinity to the label of the nodes of Flux',
  };
}

function describeTaint({ key, value = '', effect }: Taint): string {
  return excerpt(`${key}${value === '' ? '' : `=${value}`}:${effect}`);
}

const FIXES: readonly Fix[] = [
  {
    form: 'steps',
    title: 'Give Flux nodes of its own',
    content: [
      'kubectl label node <node> role=flux',
      'kubectl taint node <node> role=flux:NoSchedule',
      '# and patch the Flux Deployments, as the fix of FLUX-NODE-01 shows',
    ].join('\n'),
  },
];
