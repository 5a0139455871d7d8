// RBAC of a large cluster: how long it takes to arrange it, to group principals and to find what each can become.
import { measureIn, mb, ms } from './support.mjs';

export async function run() {
  const { objects, principals, results, maxRssBytes } = await measureIn('rbac-one.mjs', {});
  return [
    `${objects} objects, ${principals} principals`,
    ...results.map(({ what, took, note }) => `${what.padEnd(44)} ${ms(took).padStart(8)}   ${note}`),
    `peak RSS ${mb(maxRssBytes)}   (aim: index, groups and escalation within 2 s and 400 MB)`,
  ];
}
