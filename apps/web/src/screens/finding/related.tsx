import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Finding, RelatedToFinding } from '../../api/types.js';
import { objectText } from '../../format/evidence.js';
import { BECAUSE } from '../../format/remote-apply-words.js';
import { Card, Facts, Section } from '../../ui/layout.js';
import { SeverityMark, StateMark } from '../../ui/marks.js';
import type { RemoteAppliesSearch } from '../../url/searches.js';
import styles from './finding-screen.module.css';

type RelatedApply = RelatedToFinding['remoteApplies'][number];

const MOST_SHOWN = 8;

/** Remote applies, clusters, tenants and findings that hang on a finding; nothing where there are none. */
export function Related({ finding }: { readonly finding: Finding }): ReactNode {
  const { controlId, cluster, related } = finding;
  const { remoteApplies, targetClusters, tenants, findings } = related;
  if (remoteApplies.length === 0 && findings.length === 0) return null;
  const incoming = remoteApplies.filter(({ relation }) => relation === 'appliesToCluster');
  const own = remoteApplies.filter(({ relation }) => relation !== 'appliesToCluster');
  return (
    <Section title="Beyond this object">
      <Card>
        <Facts
          facts={[
            [
              controlId.startsWith('FLUX-DED-') ? 'Would stop working' : 'Applied here by',
              applies(incoming, { target: [cluster.name] }),
            ],
            ['Remote applies', applies(own, { cluster: [cluster.name] })],
            ['Reaches clusters', listOf(targetClusters.map(({ id, name }) => <Reached key={id} cluster={name} />))],
            ['Reaches tenants', listOf(tenants.map(({ name }) => <Tenant key={name} name={name} />))],
            ['Same cause', listOf(findings.map((other) => <SameCause key={other.id} other={other} />))],
          ]}
        />
      </Card>
    </Section>
  );
}

/** Null where there are no items, so that the fact is left out. */
function listOf(items: readonly ReactNode[], more?: ReactNode): ReactNode {
  if (items.length === 0) return null;
  const rest = items.length - MOST_SHOWN;
  return (
    <ul className={styles['related']}>
      {items.slice(0, MOST_SHOWN)}
      {rest > 0 && <li>{more ?? <span className="muted">and {rest} more</span>}</li>}
    </ul>
  );
}

function applies(items: readonly RelatedApply[], search: RemoteAppliesSearch): ReactNode {
  const all = (
    <Link to="/remote-applies" search={search}>
      and more
    </Link>
  );
  return listOf(
    items.map((each) => <Apply key={each.id} apply={each} />),
    all,
  );
}

function Reached({ cluster }: { readonly cluster: string }): ReactNode {
  return (
    <li>
      <Link to="/clusters/$clusterRef" params={{ clusterRef: cluster }}>
        {cluster}
      </Link>
    </li>
  );
}

function Tenant({ name }: { readonly name: string }): ReactNode {
  return (
    <li>
      <Link to="/remote-applies" search={{ tenant: [name] }}>
        {name}
      </Link>
    </li>
  );
}

function Apply({ apply }: { readonly apply: RelatedApply }): ReactNode {
  const { id, cluster, relation, cause, silent, suspended } = apply;
  return (
    <li>
      <Link to="/remote-applies/$remoteApplyId" params={{ remoteApplyId: id }}>
        {objectText(apply)}
      </Link>
      {relation === 'appliesToCluster' && <span className="muted"> on {cluster.name}</span>}{' '}
      {cause !== null && <StateMark state="fail" word={silent === true ? 'failing silently' : 'failing'} />}
      {suspended && <StateMark state="warn" word="suspended" />}
    </li>
  );
}

function SameCause({ other }: { readonly other: RelatedToFinding['findings'][number] }): ReactNode {
  const { id, severity, controlId, cluster, subject, because } = other;
  return (
    <li>
      <SeverityMark severity={severity} compact />{' '}
      <Link to="/findings/$findingId" params={{ findingId: id }} title={objectText(subject)}>
        {controlId} on {cluster.name}
      </Link>{' '}
      <span className="muted">{BECAUSE[because]}</span>
    </li>
  );
}
