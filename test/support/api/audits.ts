import { catalog, DEFAULT_PROFILE, profileById } from '#libs/controls';
import type { Assessment, UnavailableReason } from '#libs/core';
import { evaluate, notEvaluatedAssessment } from '#libs/engine';
import { snapshotOf } from '../snapshot-of.js';
import type { TestApi } from './harness.js';

const profile = profileById(DEFAULT_PROFILE);
if (!profile) throw new Error('The default profile is gone.');

/** The manifest of a control's first failing, or passing, example. */
export function example(controlId: string, kind: 'failing' | 'passing' = 'failing'): string {
  const yaml = catalog.find(({ id }) => id === controlId)?.examples[kind][0]?.yaml;
  if (yaml === undefined) throw new Error(`${controlId} has no ${kind} example.`);
  return yaml;
}

/** What the default profile says about a cluster with these objects, a second later each time. */
let collected = Date.now() - 3_600_000;
export function assessmentOf(name: string, yaml: string, missing: Record<string, UnavailableReason> = {}): Assessment {
  collected += 1000;
  const at = new Date(collected).toISOString();
  if (!profile) throw new Error('unreachable');
  return evaluate(catalog, profile, snapshotOf(yaml, { name, uid: `uid-of-${name}`, at, unavailable: missing }));
}

export function unreachable(name: string): Assessment {
  collected += 1000;
  if (!profile) throw new Error('unreachable');
  const cluster = { name, uid: `uid-of-${name}`, serverVersion: 'v1.36.3' };
  return notEvaluatedAssessment(catalog, profile, cluster, new Date(collected).toISOString(), {
    state: 'unavailable',
    reason: 'unreachable',
    message: 'No connection to the API server could be made.',
    missing: [],
  });
}

/** Registers a cluster without a contact, and answers its id. */
export async function register(api: TestApi, name: string, more: object = {}): Promise<string> {
  const connection = { server: 'https://127.0.0.1:1' };
  const credential = { kind: 'token', token: 'token' };
  const { status, body } = await api.post('/clusters?verify=false', { name, connection, credential, ...more });
  if (status !== 201) throw new Error(`${name} was not registered: ${JSON.stringify(body)}`);
  return body.id;
}
