// Serves simulated clusters from a process of its own, so that what is measured is the auditor alone.
// Arguments as JSON: {"pods": 10000, "clusters": 1}. Sends {server, caPem, tokens} over IPC and stays until disconnect.
import { scaleCluster, scaleFleet, SimulatedServer } from '#libs/simulator';

const { pods, clusters, kustomizations } = JSON.parse(process.argv[2]);
const simulated =
  clusters === 1
    ? [scaleCluster({ name: 'bench', pods, kustomizations })]
    : scaleFleet({ clusters, podsPerCluster: pods });
const server = await SimulatedServer.start({ clusters: simulated });
process.send({
  caPem: server.caPem,
  clusters: simulated.map((cluster) => ({
    name: cluster.name,
    server: server.urlOf(cluster),
    token: cluster.user.token,
  })),
});
process.once('disconnect', () => process.exit(0));
setInterval(() => undefined, 60_000);
