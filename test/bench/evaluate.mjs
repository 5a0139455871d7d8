// Evaluation: every control over one snapshot of 10,000 objects of a cluster that 20 tenants share.
import { measureIn, mb, ms } from './support.mjs';

export async function run() {
  const { objects, controls, first, best, slowest, maxRssBytes } = await measureIn('evaluate-one.mjs', {});
  return [
    `${objects} objects, ${controls} controls`,
    `cold ${ms(first)}, warm ${ms(best)}   (aim: all controls within 300 ms)`,
    ...slowest.map(({ id, took }) => `${id.padEnd(14)} ${ms(took).padStart(8)}`),
    `peak RSS ${mb(maxRssBytes)}`,
  ];
}
