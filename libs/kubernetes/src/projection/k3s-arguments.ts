/** The annotation in which k3s and RKE2 note the arguments of a node (https://docs.k3s.io/cli/server). */
export const NODE_ARGUMENTS = 'k3s.io/node-args';

const KEPT = /^-{0,2}(disable-network-policy|flannel-backend)(=[\w-]{0,40})?$/;
const VALUE = /^[\w-]{1,40}$/;

/**
 * Of the arguments of a k3s node those that decide about network policies, as a JSON list; the others hold addresses,
 * and tokens in old versions. Undefined where the text is no list, because then nothing is known of them.
 */
export function keptNodeArguments(text: string): string | undefined {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list) || !list.every((argument) => typeof argument === 'string')) return undefined;
  const kept: string[] = [];
  for (const [i, argument] of list.entries()) {
    if (!KEPT.test(argument)) continue;
    kept.push(argument);
    const next = list[i + 1];
    if (!argument.includes('=') && next !== undefined && VALUE.test(next) && !next.startsWith('-')) kept.push(next);
  }
  return JSON.stringify(kept);
}
