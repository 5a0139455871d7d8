import { describeAccessRule, type Assessment, type Control, type ControlResult } from '#libs/core';
import { OUTCOME_LABEL, paint, printable, table, wrap } from '../terminal.js';
import { countOutcomes, decidingObservation } from './document.js';

function subjectText(result: ControlResult): string {
  const subject = decidingObservation(result)?.subject;
  if (!subject || subject.kind === 'Cluster') return '';
  return printable(`${subject.kind} ${subject.namespace === undefined ? '' : `${subject.namespace}/`}${subject.name}`);
}

function coverageText(coverage: Assessment['coverage']): string {
  return `${coverage.evaluated} of ${coverage.applicable} applicable controls evaluated (${Math.floor(coverage.ratio * 1000) / 10} %)`;
}

/** The table for people: one line per control, then what failed and what could not be judged. */
export function renderTable(
  assessment: Assessment,
  titles: ReadonlyMap<string, Control>,
  options: { readonly colour: boolean; readonly wide: boolean },
): string {
  const { colour } = options;
  const counts = countOutcomes(assessment.results);
  const rows = assessment.results.map((result) => {
    const label = OUTCOME_LABEL[result.outcome];
    return [
      paint(label.glyph, label.colour, colour),
      label.word,
      result.outcome === 'fail' || result.outcome === 'warn' ? result.severity : '',
      result.controlId,
      printable(titles.get(result.controlId)?.title ?? ''),
    ];
  });
  const out = [
    `${printable(assessment.cluster.name)}  Kubernetes ${printable(assessment.cluster.serverVersion)}  uid ${printable(assessment.cluster.uid)}`,
    coverageText(assessment.coverage),
    '',
    table(rows),
    '',
  ];
  for (const result of assessment.results) {
    if (result.outcome === 'pass' || (result.outcome === 'notApplicable' && !options.wide)) continue;
    const label = OUTCOME_LABEL[result.outcome];
    out.push(
      `${paint(label.glyph, label.colour, colour)} ${result.controlId} ${printable(result.reason)}  ${subjectText(result)}`,
      `  ${wrap(printable(result.message), 110, '  ')}`,
    );
    const others = result.observations.filter((found) => found.outcome === result.outcome).length - 1;
    if (others > 0) out.push(`  and ${others} more (see -o json)`);
    for (const rule of result.missing) out.push(`  missing permission: ${describeAccessRule(rule)}`);
    out.push('');
  }
  out.push(
    `${counts.pass} pass, ${counts.fail} fail, ${counts.warn} warn, ${counts.notEvaluated + counts.error} not evaluated, ${counts.notApplicable} not applicable`,
  );
  if (counts.notEvaluated + counts.error > 0) out.push('What was not evaluated is not a pass.');
  return out.join('\n');
}
