import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { ensurePrograms } from './build.js';
import { revokeAccess } from './break.js';
import { ensureCrds, installCrds } from './crds.js';
import {
  configMapYaml,
  connectSpoke,
  remoteHelmRelease,
  remoteKustomization,
  type RemoteApplyTarget,
} from './fleet.js';
import { startFluxControllers, type RunningFlux } from './flux-controllers.js';
import { installFlux } from './flux-install.js';
import { createAuditor } from './identities.js';
import { startLab, type Lab, type RunningCluster } from './lab.js';
import { SourceServer } from './source-server.js';

const HELP = `npm run lab -- [options]
Brings up a real fleet on this machine: etcd, one management cluster and some tenant clusters, and the Flux controllers.

  --tenants N   tenant clusters (default 2, at most 8; each takes about 280 MB)
  --no-flux     API servers only
  --help        this text
`;
const DAY_SECONDS = 24 * 60 * 60;

/** Brings the fleet up, says how to use it, and ends it at Ctrl-C. Answers the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    allowNegative: true,
    options: {
      tenants: { type: 'string', default: '2' },
      flux: { type: 'boolean', default: true },
      help: { type: 'boolean' },
    },
  });
  const tenants = Number(values.tenants);
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (!Number.isInteger(tenants) || tenants < 0 || tenants > 8) {
    console.error(`--tenants takes a number from 0 to 8, not ${values.tenants}.`);
    return 2;
  }
  const { programs, cache, problems } = await ensurePrograms();
  // From here on there are processes to end in order. (A build simply ends at Ctrl-C.)
  const interrupted = untilInterrupted();
  const started = Date.now();
  for (const problem of problems) console.error(`lab: ${problem}`);
  const names = ['management', ...Array.from({ length: tenants }, (_, index) => `tenant-${index + 1}`)];
  const lab = await startLab({ programs, clusters: names.map((name) => ({ name })) });
  let flux: FluxFleet | undefined;
  try {
    if (values.flux && cache !== undefined) flux = await startFluxFleet(lab, programs, await ensureCrds(cache));
    await describe(lab, flux, Date.now() - started);
    const stopListening = flux === undefined ? undefined : listen(flux);
    await interrupted;
    stopListening?.();
    console.log('\nStopping …');
  } finally {
    await flux?.controllers.stop();
    await flux?.sources.stop();
    await lab.stop();
  }
  return 0;
}

interface FluxFleet {
  readonly controllers: RunningFlux;
  readonly sources: SourceServer;
  readonly targets: readonly RemoteApplyTarget[];
}

async function startFluxFleet(
  lab: Lab,
  programs: Parameters<typeof startFluxControllers>[2],
  crdFolder: string,
): Promise<FluxFleet> {
  const [hub, ...spokes] = lab.clusters as [RunningCluster, ...RunningCluster[]];
  // The account of the lock-down would be impersonated on the spokes too, where nothing is granted to it.
  await installFlux(hub, crdFolder, { lockDown: 'none' });
  await Promise.all(spokes.map(({ admin }) => installCrds(admin, crdFolder)));
  const sources = await SourceServer.start();
  const controllers = await startFluxControllers(lab.workspace, hub, programs, { fromDeployments: true });
  const targets: RemoteApplyTarget[] = [];
  for (const spoke of spokes) {
    const target = await connectSpoke(hub, spoke);
    await remoteKustomization(target, sources, 'apps', { 'config.yaml': configMapYaml('from-the-hub', 'default') });
    await remoteHelmRelease(target, sources, 'web', 'default');
    targets.push(target);
  }
  return { controllers, sources, targets };
}

async function describe(lab: Lab, flux: FluxFleet | undefined, ms: number): Promise<void> {
  console.log(`\nThe lab is up (${(ms / 1000).toFixed(1)} s). Kubeconfigs, readable by you only, removed at the end:`);
  for (const cluster of lab.clusters) {
    const admin = await lab.workspace.write(`kubeconfigs/${cluster.name}.yaml`, await cluster.kubeconfig());
    const token = await createAuditor(cluster.admin, DAY_SECONDS);
    const auditor = await lab.workspace.write(
      `kubeconfigs/${cluster.name}-auditor.yaml`,
      await cluster.kubeconfig({ token }),
    );
    console.log(
      `  ${cluster.name.padEnd(11)} ${cluster.uid}\n    administrator ${admin}\n    auditor       ${auditor}`,
    );
  }
  const first = `${lab.workspace.folder}/kubeconfigs/management-auditor.yaml`;
  console.log(
    `\nTry:\n  npm run plimsoll -- scan --kubeconfig ${first}\n  npm start, then register the clusters with their auditor kubeconfigs (PLIMSOLL_EGRESS_ALLOW_CIDRS=127.0.0.0/8)`,
  );
  if (flux !== undefined && flux.targets.length > 0)
    console.log(
      '  type "break" to take the management cluster\'s rights on the last tenant cluster away, "fix" to give them back',
    );
  console.log('\nCtrl-C ends it.');
}

/** Reads the words `break` and `fix` from the terminal. */
function listen({ targets }: FluxFleet): () => void {
  const target = targets.at(-1);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    void carryOut(line.trim(), target).catch((error: unknown) =>
      console.error(error instanceof Error ? error.message : error),
    );
  });
  return () => lines.close();
}

async function carryOut(word: string, target: RemoteApplyTarget | undefined): Promise<void> {
  if (target === undefined || word === '') return;
  if (word === 'break') {
    await revokeAccess(target);
    console.log(
      `Access to ${target.spoke.name} is revoked: at their next interval (30 s) its Kustomization and HelmRelease fail.`,
    );
  } else if (word === 'fix') {
    await connectSpoke(target.hub, target.spoke);
    console.log(`Access to ${target.spoke.name} is restored.`);
  } else console.log('Words: break, fix. Ctrl-C ends the lab.');
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}
