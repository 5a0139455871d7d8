import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { registerCluster, registerTenant } from '../../../apps/cli/src/up/fleet.js';
import { startDemo, type Demo } from '../../../apps/cli/src/up/demo.js';
import { RestClient } from '../../../apps/cli/src/up/rest-client.js';
import { Service } from '../../support/service.js';
import { startReceivers, type Receivers } from './receivers.js';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** A running service with the dashboard, over the fleet that `npm start` shows, audited once. */
export interface DemoService {
  readonly service: Service;
  readonly receivers: Receivers;
  /** Of the first audit. */
  readonly runId: string;
  stop(): Promise<void>;
}

export async function startDemoService(): Promise<DemoService> {
  buildDashboard();
  const closers: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    const demo: Demo = await startDemo();
    closers.push(() => demo.stop());
    const receivers = await startReceivers();
    closers.push(() => receivers.stop());
    const service = await Service.start({ environment: receivers.environment });
    closers.push(() => service.stop());
    const client = new RestClient(service.url, service.token);
    for (const tenant of demo.tenants) await registerTenant(client, tenant);
    for (const cluster of demo.clusters) await registerCluster(client, cluster);
    await service.rest.call('POST', '/channels', {
      body: { name: 'slack', kind: 'slackWebhook', secret: { url: `${receivers.slackUrl}/services/T/B/x` } },
    });
    const { id: runId } = await service.rest.audit();
    return { service, receivers, runId, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Made anew where a source is newer, as `npm start` does. */
function buildDashboard(): void {
  const script = `import('./tools/build.mjs').then(({ build }) => build({ web: true }))`;
  const result = spawnSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`building the dashboard failed:\n${result.stdout}${result.stderr}`);
}
