import { accessSync, constants, statSync } from 'node:fs';
import { KubeconfigRejected, localClusterAccess, localContexts, type LocalAccess } from '#libs/kubernetes';
import { CliError, ExitCode } from './exit-codes.js';

function assertReadable(path: string): void {
  try {
    accessSync(path, constants.R_OK);
    if (statSync(path).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(
      ExitCode.usage,
      `The kubeconfig ${path} cannot be read (${code}).`,
      'Name another with --kubeconfig.',
    );
  }
}

/** Names of the contexts in the user's kubeconfig. */
export async function contextsOf(kubeconfig: string | undefined): Promise<readonly string[]> {
  if (kubeconfig !== undefined) assertReadable(kubeconfig);
  return localContexts({ path: kubeconfig });
}

/** Access by a context of the user's kubeconfig (default: the current one), with errors that name what there is. */
export async function accessOf(kubeconfig: string | undefined, context: string | undefined): Promise<LocalAccess> {
  if (kubeconfig !== undefined) assertReadable(kubeconfig);
  try {
    return await localClusterAccess({ path: kubeconfig, context });
  } catch (error) {
    const missing = error instanceof KubeconfigRejected && error.errors.some(({ code }) => code === 'contextMissing');
    if (!missing) throw error;
    const contexts = await localContexts({ path: kubeconfig });
    throw new CliError(
      ExitCode.usage,
      context === undefined ? 'The kubeconfig has no current context.' : `The kubeconfig has no context "${context}".`,
      contexts.length === 0 ? 'It has none at all.' : `It has: ${contexts.join(', ')}. Choose one with --context.`,
    );
  }
}
