import { importedLabels } from '#libs/core';
import type { ClusterEntity } from '../entities/registry.js';
import type { CandidateRecord, SourceRecord } from './source.js';

/** What a candidate is registered as; where it is and how it is reached is read from the management cluster. */
export type CandidateRegistration = Pick<ClusterEntity, 'name' | 'role' | 'tenancy' | 'delivery'> & {
  readonly labels: Readonly<Record<string, string>>;
};

const MAX_NAME = 63;

export function candidateRegistration(
  { type, mapping }: Pick<SourceRecord, 'type' | 'mapping'>,
  { name, labels }: Pick<CandidateRecord, 'name' | 'labels'>,
): CandidateRegistration {
  const { namePrefix = '', role = 'tenant', tenancy = null, delivery, labels: own = {} } = mapping;
  return {
    name: `${namePrefix}${name}`.slice(0, MAX_NAME).replace(/-+$/, ''),
    role,
    tenancy,
    delivery: delivery ?? (type === 'fluxKubeConfig' ? 'remoteApply' : null),
    labels: { ...importedLabels(labels), ...own },
  };
}
