import { z } from 'zod';
import type { EvidenceRecord } from '#libs/persistence';
import { DateTime, exampleOf, named, type View } from '../http/schema.js';

const EvidenceItem = named(
  'EvidenceItem',
  z.object({
    object: z
      .object({
        apiVersion: z.string(),
        kind: z.string(),
        namespace: z.string().optional(),
        name: z.string(),
        uid: z.string().optional(),
        resourceVersion: z.string().optional(),
        generation: z.int().optional(),
      })
      .optional(),
    pointer: z.string().describe('JSON pointer into the object.'),
    observed: z.unknown().describe('Any JSON value.'),
    expected: z.string(),
    note: z.string().optional(),
  }),
  'One fact: where it stands, what stands there, what should.',
  {
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'flux-system',
      name: 'helm-controller',
      generation: 12,
    },
    pointer: '/spec/template/spec/containers/0/args/3',
    observed: '--insecure-kubeconfig-exec=true',
    expected: 'absent or false',
  },
);

export const Evidence = named(
  'Evidence',
  z.object({
    id: z.string(),
    findingId: z.string(),
    runId: z.string(),
    sha256: z.string().describe('Of the facts, in their canonical form.'),
    collectedAt: DateTime,
    items: z.array(EvidenceItem),
  }),
  'What a finding rests on. Secrets never are part of it.',
  {
    id: 'evd_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    findingId: 'fnd_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    runId: 'run_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    sha256: '4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a',
    collectedAt: '2026-11-24T02:00:06.000Z',
    items: [exampleOf(EvidenceItem)],
  },
);
export type Evidence = View<typeof Evidence>;

export function toEvidence(evidence: EvidenceRecord): Evidence {
  const { id, findingId, runId, sha256, collectedAt, body } = evidence;
  return { id, findingId, runId, sha256, collectedAt, items: body };
}
