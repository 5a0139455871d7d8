import { randomUUID } from 'node:crypto';
import type { RestClient } from './rest-client.js';

interface Run {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'completed' | 'cancelled';
  readonly targets: { readonly total: number; readonly done: number };
}

/** Starts a run over the whole fleet and waits for its end. `progress` hears every change. */
export async function auditFleet(
  rest: RestClient,
  reason: string,
  progress: (done: number, total: number) => void,
): Promise<string> {
  const started = await rest.call<Run>('POST', '/runs?join=true', {
    body: { target: {}, reason },
    headers: { 'idempotency-key': randomUUID() },
  });
  let run = started.body;
  while (run.state === 'queued' || run.state === 'running') {
    progress(run.targets.done, run.targets.total);
    const previous = run.targets.done;
    run = (await rest.get<Run>(`/runs/${run.id}`, { prefer: 'wait=2' })).body;
    if (run.targets.done === previous) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  progress(run.targets.done, run.targets.total);
  return run.id;
}
