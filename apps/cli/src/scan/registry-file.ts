import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { ClusterRole, Registration, Tenancy, TenantRegistration } from '#libs/core';
import { CliError, ExitCode } from '../exit-codes.js';
import { BreakGlass, Days, Names, PrincipalsSchema, Time } from './registry-schemas.js';

const Tenant = z.strictObject({
  id: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  isolation: z.enum(['high', 'low']).optional(),
  criticality: z.enum(['normal', 'critical']).optional(),
  namespaces: z
    .strictObject({ names: Names.optional(), matchLabels: z.record(z.string(), z.string()).optional() })
    .optional(),
  principals: PrincipalsSchema.optional(),
  gitPaths: z
    .array(z.strictObject({ repo: z.string(), ref: z.string().optional(), paths: z.array(z.string()) }))
    .optional(),
});

const Entry = z.strictObject({
  id: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  role: z.enum(['management', 'shared', 'dedicated', 'tenant', 'standalone']).optional(),
  tenancy: z.enum(['dedicated', 'shared']).optional(),
  delivery: z.enum(['remoteApply', 'inCluster', 'other']).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  apiServer: z.string().optional(),
  caSpkiSha256: z.string().optional(),
  clusterUid: z.string().optional(),
  fluxNamespaces: Names.optional(),
  platformNamespaces: Names.optional(),
  tenantLabels: Names.optional(),
  tenants: z.array(Tenant).optional(),
  platformPrincipals: PrincipalsSchema.optional(),
  breakGlass: z.array(BreakGlass).optional(),
  suspendGraceHours: z.number().positive().optional(),
  sandboxHandlers: Names.optional(),
  trustedRegistries: Names.optional(),
  recoveryRecipients: Names.optional(),
  rotationDays: Days.optional(),
  watcher: z.strictObject({ testedAt: Time.optional() }).optional(),
  activeVerification: z
    .strictObject({
      enabled: z.boolean(),
      networkProbe: z.boolean().optional(),
      alertCanary: z.boolean().optional(),
      pauseImage: z.string().min(1).optional(),
    })
    .optional(),
});

const List = z.strictObject({ clusters: z.array(Entry).min(1) });

/** An entry as it stands in the file. */
export type WrittenEntry = z.infer<typeof Entry>;

export interface RegistryEntry {
  readonly registration: Registration;
  /** UID of `kube-system` that the cluster must have; checked before anything is judged. */
  readonly expectedUid?: string;
  /** Address that the kubeconfig must lead to. */
  readonly apiServer?: string;
  /** sha256, in hex, of the public key of the CA that the kubeconfig must trust. */
  readonly caSpkiSha256?: string;
}

/** Role and tenancy from the words of the file, which have one for both. */
export function roleOf(entry: WrittenEntry): { role?: ClusterRole; tenancy?: Tenancy } {
  if (entry.role === 'shared' || entry.role === 'dedicated') return { role: 'tenant', tenancy: entry.role };
  return {
    ...(entry.role && { role: entry.role }),
    ...(entry.tenancy && { tenancy: entry.tenancy }),
  };
}

function tenantOf(tenant: z.infer<typeof Tenant>, index: number): TenantRegistration {
  const name = tenant.name ?? tenant.id;
  if (name === undefined) {
    throw new CliError(ExitCode.usage, `The registry's tenants[${index}] has neither id nor name.`, 'Give it an id.');
  }
  const { id: _id, name: _name, ...rest } = tenant;
  return { ...rest, name } as TenantRegistration;
}

function parseYaml(text: string): unknown {
  const document = parseDocument(text);
  const problem = document.errors[0];
  if (problem) {
    throw new CliError(ExitCode.usage, `The registry file is not YAML: ${problem.message.split('\n')[0]}`);
  }
  try {
    return document.toJS();
  } catch {
    throw new CliError(ExitCode.usage, 'The registry file has more YAML aliases than it may.', 'Write the values out.');
  }
}

/**
 * Every entry of a registry file.
 * @throws {CliError} usage, naming the field.
 */
export function entriesOf(text: string): readonly WrittenEntry[] {
  const value = parseYaml(text);
  const isList = typeof value === 'object' && value !== null && 'clusters' in value;
  const parsed = isList ? List.safeParse(value) : Entry.safeParse(value);
  if (parsed.success) return 'clusters' in parsed.data ? parsed.data.clusters : [parsed.data];
  const issue = parsed.error.issues[0];
  throw new CliError(
    ExitCode.usage,
    `The registry file is not valid at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown shape'}.`,
    'A cluster entry has role, tenants, platformPrincipals, breakGlass and the like; see docs/registry.md.',
  );
}

/**
 * Reads one cluster entry of the registry: the file is either the entry itself or `{clusters: [...]}`, from which the
 * entry with the wanted id (or the only one) is taken. Without an id it gets the wanted name.
 * @throws {CliError} usage, naming the field.
 */
export function parseRegistryFile(text: string, wanted: string): RegistryEntry {
  const entries = entriesOf(text);
  const entry =
    entries.find((candidate) => (candidate.id ?? candidate.name) === wanted) ??
    (entries.length === 1 ? entries[0] : undefined);
  if (!entry) {
    throw new CliError(
      ExitCode.usage,
      `The registry file has no cluster "${wanted}".`,
      `It has: ${entries.map((candidate) => candidate.id ?? candidate.name ?? '(no id)').join(', ')}. Choose one with --cluster.`,
    );
  }
  const { id, name, role: _role, tenancy: _tenancy, tenants, apiServer, caSpkiSha256, clusterUid, ...declared } = entry;
  return {
    ...(clusterUid !== undefined && { expectedUid: clusterUid }),
    ...(apiServer !== undefined && { apiServer }),
    ...(caSpkiSha256 !== undefined && { caSpkiSha256 }),
    registration: {
      name: id ?? name ?? wanted,
      ...roleOf(entry),
      ...declared,
      ...(tenants && { tenants: tenants.map(tenantOf) }),
    },
  };
}
