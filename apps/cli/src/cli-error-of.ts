import { ClusterError, KubeconfigRejected, SnapshotRejected } from '#libs/kubernetes';
import { CliError, ExitCode } from './exit-codes.js';

/** Where the words of a service would mislead somebody at a terminal. */
const HINTS: Partial<Record<ClusterError['code'], string>> = {
  budgetExceeded: 'Give it more time with --timeout, if the cluster is really that large or that slow.',
  unauthenticated: 'Sign in again, or renew the credential of this context.',
  identityMismatch: 'Use the context of the cluster in the registry, or correct clusterUid there.',
};

export function hintOf(error: ClusterError): string {
  return HINTS[error.code] ?? error.hint;
}

/** What went wrong with a cluster, a kubeconfig or a snapshot, as an error for the person at the terminal. */
export function cliErrorOf(error: unknown): unknown {
  if (error instanceof ClusterError) {
    const isUsage = error.code === 'kubeconfigUnreadable';
    return new CliError(isUsage ? ExitCode.usage : ExitCode.couldNotRun, error.message, hintOf(error));
  }
  if (error instanceof KubeconfigRejected) return new CliError(ExitCode.usage, error.message, error.fix);
  if (error instanceof SnapshotRejected) return new CliError(ExitCode.usage, error.message);
  return error;
}
