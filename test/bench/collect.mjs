// One cluster: how long collecting and judging takes beside a bare fetch of the same lists, and what memory it needs.
import { mb, measureIn, median, ms, simulate } from './support.mjs';

const ROUNDS = 5;

export async function run() {
  const lines = [];
  const served = await simulate({ clusters: 1, pods: 9_900, kustomizations: 50 });
  try {
    const [cluster] = served.clusters;
    const input = { caPem: served.caPem, cluster, rounds: ROUNDS };
    const bare = await measureIn('audit-one.mjs', { ...input, mode: 'bare' });
    const audit = await measureIn('audit-one.mjs', { ...input, mode: 'audit' });
    const of = (results, key) => median(results.slice(1).map((result) => result[key]));
    const ratio = of(audit.results, 'ms') / of(bare.results, 'ms');
    lines.push(
      `objects                         ${bare.results[0].objects}`,
      `bare fetch of the same lists    ${ms(of(bare.results, 'ms'))}   peak RSS ${mb(bare.maxRssBytes)}`,
      `collect + evaluate              ${ms(of(audit.results, 'ms'))}   peak RSS ${mb(audit.maxRssBytes)}   (collect ${ms(of(audit.results, 'collectMs'))}, evaluate ${ms(of(audit.results, 'evaluateMs'))}, ${audit.results[0].requests} requests)`,
      `ratio to the bare fetch         ${ratio.toFixed(2)}x   (aim: at most 2x)`,
    );
  } finally {
    served.stop();
  }
  const peaks = [];
  for (const pods of [1_000, 10_000, 100_000]) {
    const many = await simulate({ clusters: 1, pods, kustomizations: 10 });
    try {
      const [cluster] = many.clusters;
      const { maxRssBytes, results } = await measureIn('audit-one.mjs', {
        caPem: many.caPem,
        cluster,
        rounds: 1,
        mode: 'audit',
      });
      peaks.push(maxRssBytes);
      lines.push(
        `${String(pods).padStart(7)} pods                    peak RSS ${mb(maxRssBytes)}   ${ms(results[0].ms)}`,
      );
    } finally {
      many.stop();
    }
  }
  lines.push(`ratio of peak RSS, 100,000 to 1,000 pods   ${(peaks[2] / peaks[0]).toFixed(2)}x   (aim: flat)`);
  return lines;
}
