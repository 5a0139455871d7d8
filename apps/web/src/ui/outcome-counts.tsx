import type { ReactNode } from 'react';
import type { OutcomeCounts as Numbers } from '../api/types.js';
import { Counts, MarkedCount } from './marks.js';

/** Controls by outcome. What is zero is left out, but for the passes: nothing may look passed because it is absent. */
export function OutcomeCounts({ counts }: { readonly counts: Numbers }): ReactNode {
  const { fail, warn, notEvaluated, error = 0, manual, pass, notApplicable } = counts;
  return (
    <Counts>
      {fail > 0 && <MarkedCount mark="fail" n={fail} what="failing" />}
      {notEvaluated + error > 0 && <MarkedCount mark="notEvaluated" n={notEvaluated + error} what="not evaluated" />}
      {warn > 0 && <MarkedCount mark="warn" n={warn} what="with warnings" />}
      {manual > 0 && <MarkedCount mark="manual" n={manual} what="to be checked by hand" />}
      <MarkedCount mark="pass" n={pass} what="passing" />
      {notApplicable > 0 && <MarkedCount mark="notApplicable" n={notApplicable} what="not applicable" />}
    </Counts>
  );
}
