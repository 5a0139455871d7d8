import { loadConfig, ConfigError } from '#libs/platform';
import { CliError, ExitCode } from '../exit-codes.js';
import { auditFleet } from './audit.js';
import { hasBrowser, openBrowser } from './browser.js';
import { clustersOfContexts } from './contexts.js';
import { openDataFolder, readAdminToken } from './data-folder.js';
import { startDemo, type Demo } from './demo.js';
import { registerCluster, registerTenant, type FleetCluster, type FleetTenant } from './fleet.js';
import { assertPortFree } from './port.js';
import { RestClient } from './rest-client.js';
import { startService, type Service } from './service.js';
import { fleetTable } from './summary.js';

export interface UpOptions {
  readonly demo?: boolean;
  readonly contexts?: readonly string[];
  readonly allContexts: boolean;
  readonly kubeconfig?: string;
  readonly open: boolean;
}

/** Loopback and private ranges that a person's own contexts lie in (kind, minikube, a VPN). */
const LOCAL_RANGES = '127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16';

const started = performance.now();
const say = (text: string) => process.stderr.write(`${text}\n`);
const step = (text: string) => say(`[${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s] ${text}`);

function joined(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(',');
}

/** Every change on a terminal; at every tenth otherwise. */
function progressLine(): (done: number, total: number) => void {
  let last = -1;
  return (done, total) => {
    if (done === last) return;
    const due =
      process.stderr.isTTY || done === total || Math.floor((done * 10) / total) > Math.floor((last * 10) / total);
    last = done;
    if (due) step(`Audited ${done} of ${total} clusters`);
  };
}

async function register(
  rest: RestClient,
  tenants: readonly FleetTenant[],
  clusters: readonly FleetCluster[],
): Promise<void> {
  for (const tenant of tenants) await registerTenant(rest, tenant);
  for (const cluster of clusters) await registerCluster(rest, cluster);
}

async function loginUrl(rest: RestClient): Promise<string> {
  return (await rest.call<{ url: string }>('POST', '/auth/login-links', { body: {} })).body.url;
}

async function whatIsThere(rest: RestClient): Promise<string> {
  const { body } = await rest.get<{ page: { total: { count: number } } }>('/clusters?limit=1');
  const { count } = body.page.total;
  if (count === 0)
    return 'No clusters yet. Register one over REST (see the README), or start with --contexts or --demo.';
  return `${count} ${count === 1 ? 'cluster is' : 'clusters are'} registered from before.`;
}

/** Waits for Ctrl-C, SIGTERM, or the end of the process that started us. Resolves with what happened. */
function untilStopped(service: Service): Promise<string | undefined> {
  return new Promise((resolve) => {
    void service.failed.then(resolve);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(undefined));
    process.once('disconnect', () => resolve(undefined));
  });
}

function configuration() {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(ExitCode.usage, error.message);
    throw error;
  }
}

/** Everything on this machine, until Ctrl-C: service, dashboard, a fleet to look at, and its first audit. */
export async function up(options: UpOptions): Promise<void> {
  const config = configuration();
  await assertPortFree(config.listen);
  const folder = openDataFolder(config.dataDir);
  const wantsContexts = options.allContexts || options.contexts !== undefined;
  const local = wantsContexts ? await clustersOfContexts(options) : [];
  let demo: Demo | undefined;
  let service: Service | undefined;
  const stop = async () => {
    await service?.stop();
    await demo?.stop();
  };
  try {
    if (options.demo ?? !wantsContexts) demo = await startDemo();
    service = await startService(
      config,
      folder,
      {
        PLIMSOLL_EGRESS_ALLOW_CIDRS: joined(
          process.env.PLIMSOLL_EGRESS_ALLOW_CIDRS,
          demo && '127.0.0.1/32',
          wantsContexts ? LOCAL_RANGES : undefined,
        ),
      },
      step,
    );
    step(`Ready: ${service.url}`);
    const rest = new RestClient(service.url, readAdminToken(folder));
    const clusters = [...(demo?.clusters ?? []), ...local];
    if (clusters.length > 0) {
      step(`Registering ${clusters.length} clusters …`);
      await register(rest, demo?.tenants ?? [], clusters);
      const runId = await auditFleet(rest, demo ? 'demo' : 'first look', progressLine());
      process.stdout.write(`\n${await fleetTable(rest, runId)}\n\n`);
    } else {
      say(`\n${await whatIsThere(rest)}`);
    }
    const link = await loginUrl(rest);
    process.stdout.write(
      `Dashboard (one-time link, 10 minutes): ${link}\nAPI: ${service.url}/api/docs   admin token: ${folder.adminToken}\n`,
    );
    say('Ctrl-C stops everything; the data stays.');
    if (options.open && hasBrowser(process.env)) openBrowser(link);
    const failure = await untilStopped(service);
    if (failure !== undefined) throw new CliError(ExitCode.couldNotRun, failure);
    say('\nStopping …');
  } finally {
    await stop();
  }
}
