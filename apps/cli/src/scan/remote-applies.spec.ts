import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeSnapshot } from '#libs/kubernetes';
import { fleetCluster, kubeSecret } from '../../../../test/support/kubeconfig-facts.js';
import { kustomization } from '../../../../test/support/remote-apply-objects.js';
import { type SnapshotOptions, snapshotOf } from '../../../../test/support/snapshot-of.js';
import type { ScanDocument } from './document.js';
import { scan } from './scan.command.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-scan-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function scanned(options: SnapshotOptions = {}): Promise<ScanDocument> {
  const snapshot = path.join(folder, 'snapshot.json');
  await writeFile(
    snapshot,
    writeSnapshot(snapshotOf([kustomization(), kubeSecret(), fleetCluster('spoke-a')], options)),
  );
  let output = '';
  const streams = { out: (text: string) => (output += text), note: () => undefined, env: {}, stdout: {} };
  await scan({ snapshot, output: 'json', timeoutSeconds: 10, quiet: true }, streams);
  return JSON.parse(output) as ScanDocument;
}

it('tells in JSON where remote applies lead', async () => {
  expect((await scanned()).remoteApplies).toMatchObject({
    edges: [
      {
        object: { kind: 'Kustomization', namespace: 'spoke-a', name: 'apps' },
        target: { state: 'registered', cluster: 'spoke-a' },
        auth: { method: 'serviceAccountToken', source: { kind: 'Secret', name: 'kubeconfig' } },
      },
    ],
    unread: [],
  });
});

it('says what could not be read, and nothing where nothing was asked for', async () => {
  const forbidden = await scanned({ unavailable: { kustomizations: 'forbidden' } });
  expect(forbidden.remoteApplies).toEqual({
    edges: [],
    unread: [{ kind: 'Kustomization', reason: 'forbidden' }],
  });
  const unasked = { kustomizations: 'notCollected', helmReleases: 'notCollected' } as const;
  expect(await scanned({ unavailable: unasked })).not.toHaveProperty('remoteApplies');
});
