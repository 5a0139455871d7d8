import type { ReactNode } from 'react';
import { CodeBlock } from '../../ui/code-block.js';
import { EmptyState, Ways } from '../../ui/layout.js';

/** The first screen of a new installation. */
export function NoClusters(): ReactNode {
  const { origin } = location;
  return (
    <EmptyState title="No clusters yet">
      <p>
        Plimsoll reads clusters with a read-only account and judges what it reads. It creates nothing in them. Register
        a cluster, then start an audit; the first one takes a few seconds for each cluster.
      </p>
      <Ways>
        <section>
          <h3>1. Make a read-only account in the cluster</h3>
          <CodeBlock
            title="with kubectl"
            text={`curl -H "Authorization: Bearer $PLIMSOLL_TOKEN" \\\n  ${origin}/api/v1/install-manifest | kubectl apply -f -\nkubectl -n plimsoll create token plimsoll-reader --duration=24h`}
          />
        </section>
        <section>
          <h3>2. Register the cluster</h3>
          <CodeBlock
            title="with the REST API"
            text={`curl -X POST ${origin}/api/v1/clusters \\\n  -H "Authorization: Bearer $PLIMSOLL_TOKEN" -H "Content-Type: application/json" \\\n  -d '{"name":"edge-001","connection":{"server":"https://…:6443","caData":"…"},"credential":{"kind":"token","token":"…"}}'`}
          />
        </section>
        <section>
          <h3>Or look around first</h3>
          <CodeBlock
            title="a demo fleet, or your own contexts"
            text={'npm run plimsoll -- up --demo\nnpm run plimsoll -- up --all-contexts'}
          />
        </section>
      </Ways>
      <p>
        All operations are described in the <a href="/api/docs">API reference</a> of this service.
      </p>
    </EmptyState>
  );
}
