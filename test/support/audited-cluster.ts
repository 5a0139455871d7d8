import { type Assessment, type Observation, type Subject, fail, notEvaluated, pass } from '#libs/core';
import { notEvaluatedAssessment } from '#libs/engine';
import type { ClusterRecord, FindingRecord } from '#libs/persistence';
import { assess, profileOf, stubControl } from './control-stub.js';
import type { Store } from './store.js';

export type Answers = Readonly<Record<string, readonly Observation[]>>;

export const deployment = (name: string): Subject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'flux-system',
  name,
});

/** A failing Deployment, with evidence whose object was written again since the last time. */
export function bad(name: string, details: Partial<Observation> = {}): Observation {
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', name, resourceVersion: String(Math.random()) };
  const failing = fail(deployment(name), 'FLAG_TRUE', `The flag is true on ${name}.`, {
    evidence: [
      {
        object,
        pointer: '/spec/template/spec/containers/0/args/3',
        observed: '--insecure-kubeconfig-exec=true',
        expected: 'absent or false',
      },
    ],
    fixes: [{ form: 'steps', title: 'Remove it', content: 'Remove the flag.' }],
  });
  return { ...failing, ...details };
}
export const good = (name: string): Observation => pass(deployment(name), 'FLAG_FALSE', 'Fine.');
export const unseen = (name: string): Observation =>
  notEvaluated(deployment(name), 'forbidden', 'RBAC_DENIED_READ', 'Not readable.');

const HOUR_MS = 3_600_000;
let clusters = 0;

/** A registered cluster with a clock of its own: each assessment is an hour after the one before. */
export class AuditedCluster {
  #now = Date.parse('2026-11-01T00:00:00Z');

  private constructor(
    readonly store: Store,
    readonly id: string,
    readonly name: string,
    readonly uid: string,
  ) {}

  static async register(store: Store): Promise<AuditedCluster> {
    clusters += 1;
    const name = `cluster-${clusters}`;
    return new AuditedCluster(store, await store.register(name), name, `uid-${clusters}`);
  }

  /** An assessment in which each control (by id) answered this. */
  found(answers: Answers): Assessment {
    return { ...assess(answers, { uid: this.uid }), collectedAt: this.#tick() };
  }

  /** An assessment of the controls `T-1` and `T-2` in which nothing could be judged. */
  notJudged(reason: 'unreachable' | 'unauthenticated' = 'unreachable'): Assessment {
    const controls = [stubControl([], 'T-1'), stubControl([], 'T-2')];
    const identity = { name: this.name, uid: '', serverVersion: '' };
    return notEvaluatedAssessment(controls, profileOf(controls), identity, this.#tick(), {
      state: 'unavailable',
      reason,
      message: 'No answer',
      missing: [],
    });
  }

  /** A whole run that finds this. Answers the run's id. */
  audit(answers: Answers): Promise<string> {
    return this.store.audit(this.id, this.found(answers));
  }

  async record(): Promise<ClusterRecord> {
    const record = await this.store.clusters.get(this.id);
    if (!record) throw new Error(`${this.name} is not registered any more.`);
    return record;
  }

  async findings(): Promise<readonly FindingRecord[]> {
    return (await this.store.findings.list({ limit: 100, filter: { cluster: [this.id] } })).items;
  }

  /** The one finding that there is. */
  async finding(): Promise<FindingRecord> {
    const [finding, ...others] = await this.findings();
    if (!finding || others.length > 0) throw new Error(`${this.name} has not exactly one finding.`);
    return finding;
  }

  /** What happened to its one finding, oldest first; what was announced has an exclamation mark. */
  async history(finding?: FindingRecord): Promise<readonly string[]> {
    const { id } = finding ?? (await this.finding());
    const changes = await this.store.findings.changes(id);
    return changes.map(({ change, announced }) => `${change}${announced ? '!' : ''}`);
  }

  #tick(): string {
    this.#now += HOUR_MS;
    return new Date(this.#now).toISOString();
  }
}
