import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { catalog, PROBED_RESOURCES, probedPrincipals } from '#libs/controls';
import { AUDITOR_CLUSTER_ROLE, auditorClusterRole, proberManifest } from '#libs/kubernetes';
import { CliError, ExitCode } from './exit-codes.js';
import { parseRegistryFile } from './scan/registry-file.js';

export interface ManifestOptions {
  /** With what active verification needs. */
  readonly active?: boolean;
  /** The registry file that names the tenants. */
  readonly registry?: string;
  readonly cluster?: string;
  /** Version of the API server, such as `1.36`. */
  readonly kubernetes?: string;
  /** `namespace/name` of the account that the rights of active verification are given to. */
  readonly serviceAccount?: string;
}

/**
 * The ClusterRole that every read-only control needs, as YAML to review and apply; with `active` also the guard policy
 * and the right to act as the declared principals of the cluster's tenants.
 * @throws {CliError} usage.
 */
export async function manifest(options: ManifestOptions = {}): Promise<string> {
  const role = auditorClusterRole(catalog);
  if (options.active !== true) return stringify(role);
  if (options.registry === undefined) {
    throw new CliError(
      ExitCode.usage,
      'Active verification acts as the tenants of one cluster, and nothing says who these are.',
      'Name the registry file with --registry, and the entry of it with --cluster.',
    );
  }
  const { registration } = parseRegistryFile(await readText(options.registry), options.cluster ?? '');
  const objects = proberManifest({
    ...probedPrincipals(registration),
    reach: PROBED_RESOURCES,
    auditor: accountIn(options.serviceAccount ?? `plimsoll/${AUDITOR_CLUSTER_ROLE}`),
    ...(options.kubernetes !== undefined && { serverVersion: options.kubernetes }),
  });
  return [role, ...objects].map((object) => stringify(object)).join('---\n');
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(ExitCode.usage, `The registry file ${path} cannot be read${code ? ` (${code})` : ''}.`);
  }
}

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

function accountIn(text: string): { readonly namespace: string; readonly name: string } {
  const [namespace = '', name = '', ...more] = text.split('/');
  if (more.length > 0 || !NAME.test(namespace) || !NAME.test(name)) {
    throw new CliError(ExitCode.usage, 'The service account is not written as namespace/name.');
  }
  return { namespace, name };
}
