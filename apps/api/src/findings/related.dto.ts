import { z } from 'zod';
import { REMOTE_APPLY_KINDS } from '#libs/core';
import { exampleOf, named } from '../http/schema.js';
import { ClusterLink, SeveritySchema, SubjectSchema } from '../shared/audit.dto.js';

export const Related = named(
  'RelatedToFinding',
  z.object({
    remoteApplies: z
      .array(
        z.object({
          id: z.string(),
          relation: z
            .enum(['appliesToCluster', 'isSubject', 'usesSubject', 'servedBySubject', 'onCluster'])
            .describe(
              '`appliesToCluster`: on a management cluster, applied to the cluster of the finding. The others are on that cluster itself: the subject of the finding, or something that depends on it.',
            ),
          cluster: ClusterLink.describe('The management cluster.'),
          kind: z.enum(REMOTE_APPLY_KINDS),
          namespace: z.string(),
          name: z.string(),
          cause: z.string().nullable().describe('Class of its failure; null where it does not fail.'),
          silent: z.boolean().nullable().describe('It fails and nobody is told. Null: that could not be told.'),
          suspended: z.boolean(),
        }),
      )
      .describe('Flux objects that are applied to other clusters and hang on this finding, the most urgent first.'),
    targetClusters: z
      .array(ClusterLink)
      .describe('Of a finding on a management cluster: the clusters that it reaches.'),
    tenants: z
      .array(z.object({ id: z.string().nullable(), name: z.string() }))
      .describe('Of a finding on a management cluster: the tenants that it reaches.'),
    findings: z
      .array(
        z.object({
          id: z.string(),
          because: z
            .enum(['sameObject', 'sameCredential', 'accessOfTarget', 'sameTarget'])
            .describe(
              '`accessOfTarget`: a management cluster lost its access, and who can take it away on the target cluster.',
            ),
          controlId: z.string(),
          severity: SeveritySchema,
          reason: z.string(),
          cluster: ClusterLink,
          subject: SubjectSchema,
        }),
      )
      .describe('Other open findings with the same cause, worst first; at most 20.'),
    truncated: z.boolean().describe('There are more remote applies than were looked at.'),
  }),
  'What hangs on a finding, and what it hangs on, by the last audits of all clusters.',
  {
    remoteApplies: [
      {
        id: 'rap_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
        relation: 'appliesToCluster',
        cluster: { id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D6', name: 'mgmt-eu-1' },
        kind: 'Kustomization',
        namespace: 'payments',
        name: 'infra',
        cause: 'ACCESS_REVOKED',
        silent: true,
        suspended: false,
      },
    ],
    targetClusters: [],
    tenants: [],
    findings: [
      {
        id: 'fnd_01JD9YZ3M6Q8R5T7V9X1Z3B5D6',
        because: 'accessOfTarget',
        controlId: 'FLUX-RA-03',
        severity: 'high',
        reason: 'ACCESS_REVOKED',
        cluster: { id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D6', name: 'mgmt-eu-1' },
        subject: exampleOf(SubjectSchema),
      },
    ],
    truncated: false,
  },
);
