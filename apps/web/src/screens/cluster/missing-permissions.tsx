import { count, describeAccessRule } from '#libs/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { capabilities } from '../../api/queries.js';
import { rulesAsYaml } from '../../format/access-rules.js';
import { CodeBlock } from '../../ui/code-block.js';
import { Section } from '../../ui/layout.js';
import { StateMark } from '../../ui/marks.js';
import { Time } from '../../ui/time.js';

const NAMED = 2;

/** Which rules would let the controls see what they cannot. */
export function MissingPermissions({ cluster }: { readonly cluster: string }): ReactNode {
  const { data } = useQuery(capabilities(cluster));
  if (data === undefined || data.missing.length === 0) return null;
  const { missing, controls, checkedAt } = data;
  const blind = controls.filter((control) => control.missing.length > 0).length;
  const rest = missing.length - NAMED;
  const rules = missing.slice(0, NAMED).map(describeAccessRule).join(', ');
  return (
    <Section
      title="Missing permissions"
      aside={
        checkedAt !== null && (
          <span className="muted">
            checked <Time at={checkedAt} />
          </span>
        )
      }
    >
      <p>
        <StateMark state="notEvaluated" compact /> {count(blind, 'control')} cannot be evaluated: the credential may not{' '}
        {rules}
        {rest > 0 && ` and ${rest} more`}.
      </p>
      <CodeBlock title="Add to the rules of the auditor’s ClusterRole" text={rulesAsYaml(missing)} />
    </Section>
  );
}
