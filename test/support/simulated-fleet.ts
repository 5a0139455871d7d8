import { catalog } from '#libs/controls';
import { credentialAad, newId, type Keyring } from '#libs/platform';
import { FLUX_RESOURCES, SimulatedCluster, SimulatedServer, type SimulatedObject } from '#libs/simulator';
import { parseAllDocuments } from 'yaml';
import type { Store } from './store.js';

/** A registered cluster and the simulated one behind it. */
export interface FleetMember {
  readonly id: string;
  readonly name: string;
  readonly cluster: SimulatedCluster;
}

/** Simulated clusters behind one HTTPS listener, registered in a store as the API would register them. */
export class SimulatedFleet {
  private constructor(
    readonly server: SimulatedServer,
    readonly members: readonly FleetMember[],
  ) {}

  /** @param names of the clusters; Flux runs in all of them; those that start with `bad` fail a control */
  static async start(store: Store, keyring: Keyring, names: readonly string[]): Promise<SimulatedFleet> {
    const clusters = names.map(
      (name) =>
        new SimulatedCluster({
          name,
          resources: FLUX_RESOURCES,
          objects: exampleObjects('FLUX-KC-01', name.startsWith('bad') ? 'failing' : 'passing'),
        }),
    );
    const server = await SimulatedServer.start({ clusters });
    const members: FleetMember[] = [];
    for (const cluster of clusters) {
      const connection = { server: server.urlOf(cluster), caData: server.caPem };
      members.push({
        id: await registerCluster(store, keyring, cluster.name, connection, cluster.user.token),
        name: cluster.name,
        cluster,
      });
    }
    return new SimulatedFleet(server, members);
  }

  member(name: string): FleetMember {
    const found = this.members.find((member) => member.name === name);
    if (found === undefined) throw new Error(`no cluster ${name} in this fleet`);
    return found;
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

/** Registers a cluster with a token sealed to it, and answers its id. */
export async function registerCluster(
  store: Store,
  keyring: Keyring,
  name: string,
  connection: { readonly server: string; readonly caData?: string },
  token: string,
): Promise<string> {
  const [id, credentialId] = [newId('cls'), newId('crd')];
  const sealed = keyring.seal(JSON.stringify({ kind: 'token', token }), credentialAad(credentialId, id));
  await store.register(name, {
    id,
    connection,
    credential: { id: credentialId, kind: 'token', fingerprint: 'sha256:0', sealed },
  });
  return id;
}

/** The Kubernetes objects of a control's first example. */
export function exampleObjects(controlId: string, outcome: 'failing' | 'passing'): readonly SimulatedObject[] {
  const [example] = catalog.find(({ id }) => id === controlId)?.examples[outcome] ?? [];
  if (example === undefined) throw new Error(`${controlId} has no ${outcome} example`);
  return parseAllDocuments(example.yaml)
    .map((document) => document.toJS() as SimulatedObject)
    .filter(({ kind }) => kind !== 'Registration');
}
