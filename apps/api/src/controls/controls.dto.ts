import { z } from 'zod';
import type { Benchmark as CoreBenchmark, Control as CoreControl } from '#libs/core';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, exampleOf, named, text, type View } from '../http/schema.js';
import { AccessRuleSchema, SeveritySchema } from '../shared/audit.dto.js';

const Example = z.object({ title: z.string(), yaml: z.string() });

export const ControlSummary = named(
  'ControlSummary',
  z.object({
    id: z.string(),
    title: z.string(),
    family: z.string(),
    severity: SeveritySchema.describe('Default; a profile may override it.'),
    scope: z.array(z.string()).describe('Kinds of cluster that it is meant for.'),
    mode: z.enum(['read', 'active']),
    since: z.string(),
  }),
  'A control in a list.',
  {
    id: 'FLUX-HC-01',
    title: 'helm-controller does not run kubeconfig exec plugins',
    family: 'helm-controller',
    severity: 'critical',
    scope: ['management'],
    mode: 'read',
    since: '0.1.0',
  },
);
export type ControlSummary = View<typeof ControlSummary>;

export const Control = named(
  'Control',
  ControlSummary.extend({
    rationale: z.string(),
    audit: z.string().describe('What it reads and how it judges.'),
    remediation: z.string(),
    references: z.array(z.string()),
    requires: z.array(z.string()).describe('Artifacts without which it answers notEvaluated.'),
    optional: z.array(z.string()),
    reads: z.array(AccessRuleSchema).describe('Every permission that it can use.'),
    examples: z.object({ passing: z.array(Example), failing: z.array(Example) }),
    benchmarks: z
      .array(z.object({ benchmarkId: z.string(), requirementId: z.string(), title: z.string() }))
      .describe('Requirements that it automates.'),
  }),
  'A requirement with its check.',
  {
    ...exampleOf(ControlSummary),
    rationale: 'A kubeconfig can name a program to run.',
    audit: 'Reads the arguments of helm-controller.',
    remediation: 'Remove the flag --insecure-kubeconfig-exec.',
    references: ['https://fluxcd.io/flux/security/best-practices/'],
    requires: ['deployments'],
    optional: [],
    reads: [exampleOf(AccessRuleSchema)],
    examples: { passing: [], failing: [] },
    benchmarks: [
      { benchmarkId: 'flux-security-best-practices@2026.11', requirementId: 'hc-1', title: 'Helm controller flags' },
    ],
  },
);
export type Control = View<typeof Control>;

export const ControlPage = pageOf('ControlPage', ControlSummary);
export const ControlQuery = listQuery(['id', 'title'], 'id', {
  q: text(100).optional().describe('Part of the id or title.'),
  family: anyOf(text(100)),
  severity: anyOf(SeveritySchema),
});
export type ControlQuery = z.infer<typeof ControlQuery>;

export const Benchmark = named(
  'Benchmark',
  z.object({
    id: z.string(),
    title: z.string(),
    source: z.string(),
    requirements: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        procedures: z
          .array(z.object({ title: z.string(), controls: z.array(z.string()) }))
          .describe('The audit procedures of the source; `controls` is empty where nothing automates one.'),
        controls: z.array(z.string()).describe('All controls of its procedures.'),
      }),
    ),
  }),
  'A published list of requirements; immutable.',
  {
    id: 'flux-security-best-practices@2026.11',
    title: 'Flux Security Best Practices',
    source: 'https://fluxcd.io/flux/security/best-practices/',
    requirements: [
      {
        id: 'helm-controller-kubeconfig-exec',
        title: 'helm-controller was not started with --insecure-kubeconfig-exec=true',
        procedures: [{ title: 'Look for the flag on helm-controller', controls: ['FLUX-HC-01'] }],
        controls: ['FLUX-HC-01'],
      },
    ],
  },
);
export type Benchmark = View<typeof Benchmark>;

export const BenchmarkList = named('BenchmarkList', z.object({ items: z.array(Benchmark) }), 'All benchmarks.', {
  items: [exampleOf(Benchmark)],
});

export function toSummary(control: CoreControl): ControlSummary {
  const { id, title, family, severity, scope, mode, since } = control;
  return { id, title, family, severity, scope, mode, since };
}

export function toControl(control: CoreControl, all: readonly CoreBenchmark[]): Control {
  const { rationale, audit, remediation, references, requires, optional, reads, examples } = control;
  const cited = all.flatMap(({ id: benchmarkId, requirements }) =>
    requirements
      .filter(({ controls }) => controls.includes(control.id))
      .map(({ id, title }) => ({ benchmarkId, requirementId: id, title })),
  );
  return {
    ...toSummary(control),
    rationale,
    audit,
    remediation,
    references,
    requires,
    optional,
    reads,
    examples,
    benchmarks: cited,
  };
}
