import { count, describeAccessRule } from '#libs/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { results } from '../../api/queries.js';
import { rulesAsYaml, uniqueRules } from '../../format/access-rules.js';
import { CodeBlock } from '../../ui/code-block.js';
import { Section } from '../../ui/layout.js';
import { StateMark } from '../../ui/marks.js';

/** Which rules would let the controls see what they could not. */
export function MissingPermissions({ cluster }: { readonly cluster: string }): ReactNode {
  const { data } = useQuery(results({ cluster: [cluster], cause: ['forbidden'], limit: 200 }));
  const rules = uniqueRules((data?.items ?? []).flatMap(({ missing }) => missing));
  if (data === undefined || rules.length === 0) return null;
  return (
    <Section title="Missing permissions">
      <div>
        <StateMark
          state="notEvaluated"
          word={`${count(data.page.total.count, 'control')} could not be evaluated, because the credential may not ${rules
            .slice(0, 2)
            .map(describeAccessRule)
            .join(', ')}${rules.length > 2 ? ` and ${rules.length - 2} more` : ''}.`}
        />
      </div>
      <CodeBlock title="Add to the rules of the ClusterRole of the auditor" text={rulesAsYaml(rules)} />
    </Section>
  );
}
