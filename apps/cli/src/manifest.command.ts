import { stringify } from 'yaml';
import { catalog } from '#libs/controls';
import { auditorClusterRole } from '#libs/kubernetes';

/** The ClusterRole that every read-only control needs, as YAML to review and apply. */
export function manifest(): string {
  return stringify(auditorClusterRole(catalog));
}
