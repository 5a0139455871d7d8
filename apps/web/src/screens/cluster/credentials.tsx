import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { credentials } from '../../api/queries.js';
import { Card, Facts } from '../../ui/layout.js';
import { ProblemAlert } from '../../ui/problem-alert.js';
import { Time } from '../../ui/time.js';

const KINDS = { token: 'bearer token', clientCertificate: 'client certificate' } as const;

/** What is known about the credential. The secret itself is sealed and never shown. */
export function Credentials({ cluster }: { readonly cluster: string }): ReactNode {
  const { data, error, refetch } = useQuery(credentials(cluster));
  if (error !== null) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  return (
    <Card>
      {data?.items.length === 0 && <span className="muted">No credential is stored.</span>}
      {data?.items.map((credential) => (
        <Facts
          key={credential.id}
          facts={[
            ['Kind', KINDS[credential.kind]],
            [
              'Who it says it is',
              credential.subject === null ? 'does not say' : <code key="subject">{credential.subject}</code>,
            ],
            ['Fingerprint', <code key="fingerprint">{credential.fingerprint.slice(0, 16)}</code>],
            [
              'Expires',
              credential.expiresAt === null ? 'does not say' : <Time key="expires" at={credential.expiresAt} exact />,
            ],
            ['Last used', credential.lastUsedAt === null ? 'never' : <Time key="used" at={credential.lastUsedAt} />],
            ['Stored', <Time key="stored" at={credential.createdAt} exact />],
          ]}
        />
      ))}
    </Card>
  );
}
