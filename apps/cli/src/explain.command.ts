import { catalog, controlById } from '#libs/controls';
import { describeAccessRule, type Control } from '#libs/core';
import { CliError, ExitCode } from './exit-codes.js';
import { wrap } from './terminal.js';

const section = (title: string, text: string) => `${title}\n  ${wrap(text, 100, '  ')}\n`;

function page(control: Control): string {
  return [
    `${control.id}  ${control.title}`,
    `severity ${control.severity} · ${control.mode} · ${control.scope.join(', ')}\n`,
    section('Why it matters', control.rationale),
    section('How it is judged', control.audit),
    section('How to fix it', control.remediation),
    `What it reads\n${control.reads.map((rule) => `  ${describeAccessRule(rule)}`).join('\n')}\n`,
    `Would fail\n${(control.examples.failing[0]?.yaml ?? '').replace(/^\n+|\s+$/g, '')}\n`,
    `Would pass\n${(control.examples.passing[0]?.yaml ?? '').replace(/^\n+|\s+$/g, '')}\n`,
    `References\n${control.references.map((url) => `  ${url}`).join('\n')}`,
  ].join('\n');
}

/** `plimsoll explain [control]`: the page of a control, or the list of all. */
export function explain(id: string | undefined): string {
  if (id === undefined) return catalog.map((control) => `${control.id}  ${control.title}`).join('\n');
  const control = controlById(id.toUpperCase());
  if (!control) {
    throw new CliError(
      ExitCode.usage,
      `There is no control "${id}".`,
      `The controls are: ${catalog.map((known) => known.id).join(', ')}.`,
    );
  }
  return page(control);
}
