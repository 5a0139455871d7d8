import {
  type Evidence,
  type Observation,
  type RuntimeClass,
  fail,
  leastSure,
  objectReference,
  pass,
  warn,
} from '#libs/core';
import { namesRuntimeClass } from '#libs/admission';
import { excerpt } from '#libs/flux';
import { type AdmissionView, coverageOf, describeRules, placesOf, ruleEvidence } from '../admission/admission-view.js';
import { type ProbeAnswers, describeProbe, describeWho } from '../probes/probe-answers.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import type { Sandboxes } from './shared-nodes.js';
import { type NodeUse, type TenantPods, describePods, isSandbox, sandboxingOf, shown } from './tenant-pods.js';
import { withoutSandbox } from './trial-places.js';

export interface SandboxContext {
  readonly model: TenantModel;
  readonly sandboxes: Sandboxes;
  readonly runtimeClasses: readonly RuntimeClass[];
  readonly view: AdmissionView;
  readonly answers: ProbeAnswers;
}

interface Placed {
  readonly use: NodeUse;
  readonly pods: TenantPods;
}

/** One verdict on the pods of a tenant of high isolation, on the nodes that it shares. */
export function judgeSandboxes(tenant: Tenant, uses: readonly NodeUse[], context: SandboxContext): Observation {
  const { model, sandboxes, runtimeClasses, view } = context;
  const subject = { kind: 'Tenant', name: tenant.name };
  const name = excerpt(tenant.name, 80);
  const placed = uses.flatMap((use) =>
    use.pods.filter((pods) => pods.tenant === tenant).map((pods): Placed => ({ use, pods })),
  );
  const by = (kind: ReturnType<typeof sandboxingOf>): readonly Placed[] =>
    placed.filter(
      ({ use, pods }) => sandboxingOf(pods.group, use.node, sandboxes.runtimeClasses, sandboxes.handlers) === kind,
    );
  const [open, unknown] = [by('none'), by('unknownHandler')];
  const confidence = leastSure(model.confidence, 'derived');
  if (open.length > 0) {
    const none = runtimeClasses.length === 0;
    return fail(
      subject,
      none ? 'NO_RUNTIME_CLASS' : 'NOT_SANDBOXED',
      `Pods of ${name} run on nodes that they share, and without a sandbox: ${describe(open)}.${none ? ' The cluster has no RuntimeClass, so that no pod can have one.' : ''} ` +
        'On a shared node a sandbox is all that keeps them apart from the kernel that the others use. ' +
        'Give the tenant nodes of its own (FLUX-NODE-01), or set spec.runtimeClassName of its pods to a sandboxed runtime.',
      { severity: 'medium', confidence, evidence: evidenceOf(open) },
    );
  }
  if (unknown.length > 0) {
    const names = shown(unknown.map(({ pods }) => pods.group.runtimeClassName ?? ''));
    return warn(
      subject,
      'UNKNOWN_HANDLER',
      `Pods of ${name} run on nodes that they share, with a RuntimeClass whose handler is no known sandbox: ${names}. ` +
        'Whether it keeps them apart is not known. Name the handler in sandboxHandlers of the registry where it does.',
      { severity: 'low', confidence, evidence: evidenceOf(unknown) },
    );
  }
  const places = model.unknownNamespaces ? [] : placesOf([tenant]);
  const coverage = coverageOf(view, [namesRuntimeClass], places);
  const loose = runtimeClasses.filter(({ handler }) => !isSandbox(handler, sandboxes.handlers));
  const said = `Pods of ${name} on nodes that they share are all sandboxed`;
  const trials = places.map(({ namespace }) => ({
    namespace,
    ...withoutSandbox(context.answers, namespace, sandboxes),
  }));
  const bare = trials.find(({ state }) => state === 'open');
  if (bare?.result) {
    const [first, ...more] = evidenceOf(placed);
    return warn(
      subject,
      'SANDBOX_NOT_FORCED',
      `${said} now, but the API server would let ${describeWho(bare.result)} create one without in ${bare.namespace}, as a dry-run showed. Let an admission policy demand or set spec.runtimeClassName in the namespaces of the tenant.`,
      {
        severity: 'low',
        confidence: leastSure(model.confidence, 'proven'),
        evidence: [{ ...first, note: describeProbe(bare.result) }, ...more],
      },
    );
  }
  if (loose.length === 0 && trials.length > 0 && trials.every(({ state }) => state === 'closed')) {
    return pass(
      subject,
      'SANDBOXED',
      `${said}, and dry-runs in all its namespaces showed that admission lets no pod go without a sandbox.`,
      { confidence: leastSure(model.confidence, 'proven'), evidence: evidenceOf(placed) },
    );
  }
  if (coverage.state === 'enforced' && loose.length === 0) {
    return pass(
      subject,
      'SANDBOXED',
      `${said}, and ${describeRules(coverage.by)} demands a runtime class of every pod.`,
      {
        confidence,
        evidence: ruleEvidence(coverage.by, 'demands a runtime class'),
      },
    );
  }
  const why =
    coverage.state === 'enforced'
      ? `the runtime classes ${shown(loose.map(({ metadata }) => metadata.name))} are no known sandboxes, and a pod may ask for them`
      : 'no admission policy that is understood demands a runtime class';
  return warn(
    subject,
    'SANDBOX_NOT_FORCED',
    `${said} now, but ${why}, so that the next pod may run without. Let an admission policy demand or set spec.runtimeClassName in the namespaces of the tenant.`,
    { severity: 'low', confidence, evidence: evidenceOf(placed) },
  );
}

const MAX_EVIDENCE = 10;

function describe(placed: readonly Placed[]): string {
  return shown(
    placed.map(({ use, pods }) => `${describePods(pods)} on ${use.node.metadata.name}`),
    5,
  );
}

function evidenceOf(placed: readonly Placed[]): [Evidence, ...Evidence[]] {
  const [first, ...more] = placed.slice(0, MAX_EVIDENCE).map(({ use, pods }): Evidence => ({
    object: objectReference(use.node),
    pointer: '/metadata/name',
    observed: use.node.metadata.name,
    expected: 'a node where every pod of the tenant is sandboxed',
    note: `${describePods(pods)}: ${pods.group.runtimeClassName === undefined ? 'no runtime class' : `runtime class ${excerpt(pods.group.runtimeClassName, 80)}`}.`,
  }));
  if (!first) throw new TypeError('A verdict on sandboxes needs a pod.');
  return [first, ...more];
}
