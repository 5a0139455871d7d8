import type { OutcomeCounts, Severity } from '#libs/core';
import { printable, table } from '../terminal.js';
import type { RestClient } from './rest-client.js';

interface Cluster {
  readonly name: string;
  readonly stale: boolean;
  readonly summary: {
    readonly outcomes: OutcomeCounts;
    readonly coverage: number;
    readonly openFindings: Readonly<Record<Severity, number>>;
  } | null;
}

interface Target {
  readonly cluster: { readonly name: string };
  readonly outcome: 'evaluated' | 'notEvaluated' | null;
  readonly cause: string | null;
  readonly coverage: number | null;
}

interface Page<T> {
  readonly items: readonly T[];
}

const percent = (ratio: number) => `${Math.floor(ratio * 100)} %`;

/** The fleet after a run, one line per cluster, as the REST API tells it. */
export async function fleetTable(rest: RestClient, runId: string): Promise<string> {
  const clusters = (await rest.get<Page<Cluster>>('/clusters?limit=1000&sort=name')).body.items;
  const targets = (await rest.get<Page<Target>>(`/runs/${runId}/targets?limit=1000`)).body.items;
  const byName = new Map(targets.map((target) => [target.cluster.name, target]));
  const rows = clusters.map((cluster) => {
    const target = byName.get(cluster.name);
    const { summary } = cluster;
    if (target?.outcome !== 'evaluated' || !summary) {
      return ['?', printable(cluster.name), `not evaluated: ${target?.cause ?? 'never audited'}`, '', '', ''];
    }
    const { outcomes, openFindings } = summary;
    const glyph = outcomes.fail > 0 ? '✗' : outcomes.notEvaluated > 0 ? '?' : outcomes.warn > 0 ? '!' : '✓';
    const open = (['critical', 'high', 'medium', 'low'] as const)
      .filter((severity) => openFindings[severity] > 0)
      .map((severity) => `${openFindings[severity]} ${severity}`);
    return [
      glyph,
      printable(cluster.name),
      `${outcomes.fail} fail, ${outcomes.warn} warn, ${outcomes.pass} pass`,
      outcomes.notEvaluated > 0 ? `${outcomes.notEvaluated} not evaluated` : '',
      percent(summary.coverage),
      open.join(', ') || 'no findings',
    ];
  });
  const judged = rows.filter((row) => row[3] !== '' || row[4] !== '').length;
  return [
    table([['', 'CLUSTER', 'CONTROLS', 'NOT JUDGED', 'COVERAGE', 'OPEN FINDINGS'], ...rows]),
    '',
    `${judged} of ${rows.length} clusters evaluated. What was not evaluated is not a pass.`,
  ].join('\n');
}
