import { describeAccessRule } from '#libs/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { control } from '../../api/queries.js';
import type { Control } from '../../api/types.js';
import { rulesAsYaml } from '../../format/access-rules.js';
import { CodeBlock } from '../../ui/code-block.js';
import { Card, Columns, Facts, Page, Section, Tag } from '../../ui/layout.js';
import { SeverityMark } from '../../ui/marks.js';
import { ProblemAlert } from '../../ui/problem-alert.js';
import { Paragraphs } from '../../ui/prose.js';
import { ControlResults } from './control-results.js';

const route = getRouteApi('/shell/controls/$controlId');

export function ControlScreen(): ReactNode {
  const { controlId } = route.useParams();
  const { data, error, refetch } = useQuery({ ...control(controlId), staleTime: Infinity });
  if (data === undefined) {
    return (
      <Page title={controlId}>
        {error === null ? (
          <span className="muted">Loading…</span>
        ) : (
          <ProblemAlert error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={data.id}
      heading={data.title}
      kicker={
        <>
          <code>{data.id}</code>
          <SeverityMark severity={data.severity} />
          <Link to="/controls" search={{ family: [data.family] }}>
            {data.family}
          </Link>
          {data.scope.map((kind) => (
            <Tag key={kind}>{kind}</Tag>
          ))}
          <Link to="/findings" search={{ control: [data.id], state: ['open', 'reopened'] }}>
            open findings
          </Link>
        </>
      }
    >
      <Columns>
        <Section title="Why it matters">
          <Card>
            <Paragraphs text={data.rationale} />
          </Card>
        </Section>
        <Section title="How it is judged">
          <Card>
            <Paragraphs text={data.audit} />
          </Card>
        </Section>
      </Columns>
      <Section title="How to fix it">
        <Card>
          <Paragraphs text={data.remediation} />
        </Card>
      </Section>
      <ControlResults controlId={data.id} />
      <Examples control={data} />
      <Columns>
        <Section title="What it reads">
          <p className="muted">
            {data.reads.length === 0
              ? 'Nothing from the cluster: it judges what was declared.'
              : `${data.reads.map(describeAccessRule).join(', ')}.`}
          </p>
          {data.reads.length > 0 && <CodeBlock title="As rules of a ClusterRole" text={rulesAsYaml(data.reads)} />}
        </Section>
        <Section title="Where it comes from">
          <Card>
            <Origin control={data} />
          </Card>
        </Section>
      </Columns>
    </Page>
  );
}

function Examples({ control: { examples } }: { readonly control: Control }): ReactNode {
  const all = [
    ...examples.failing.map((example) => ({ ...example, how: 'Fails' })),
    ...examples.passing.map((example) => ({ ...example, how: 'Passes' })),
  ];
  if (all.length === 0) return null;
  return (
    <Section title="Examples">
      <Columns>
        {all.map(({ title, yaml, how }) => (
          <CodeBlock key={how + title} title={`${how}: ${title}`} text={yaml} />
        ))}
      </Columns>
    </Section>
  );
}

function Origin({ control: { benchmarks, references, since, mode } }: { readonly control: Control }): ReactNode {
  return (
    <Facts
      facts={[
        [
          'Part of',
          benchmarks.map(({ benchmarkId, title }) => `${benchmarkId}: ${title}`).join('; ') || 'no benchmark',
        ],
        ['Since version', since],
        ['Looks', mode === 'read' ? 'by reading only' : 'by asking the API server'],
        [
          'References',
          <ul key="references" style={{ margin: 0, paddingLeft: 18 }}>
            {references.map((reference) => (
              <li key={reference}>
                <a href={reference} rel="noreferrer">
                  {reference.replace(/^https:\/\//, '')}
                </a>
              </li>
            ))}
          </ul>,
        ],
      ]}
    />
  );
}
