import type { Fix } from '#libs/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { control } from '../../api/queries.js';
import { FIX_FORMS } from '../../format/words.js';
import { CodeBlock } from '../../ui/code-block.js';
import { ToggleChips } from '../../ui/filters.js';
import { Paragraphs } from '../../ui/prose.js';
import styles from './finding-screen.module.css';

/** The change to make, in the form of the reader's installation. */
export function Fixes({ fixes, controlId }: { readonly fixes: readonly Fix[]; readonly controlId: string }): ReactNode {
  const [chosen, setChosen] = useState(0);
  const { data } = useQuery({ ...control(controlId), staleTime: Infinity });
  const fix = fixes[chosen];
  return (
    <div className={styles['items']}>
      {fixes.length > 1 && (
        <ToggleChips
          label="Form of the fix"
          options={fixes.map((_, index) => String(index))}
          chosen={[String(chosen)]}
          onChange={(choices = []) => setChosen(Number(choices.find((choice) => choice !== String(chosen)) ?? chosen))}
          render={(index) => FIX_FORMS[fixes[Number(index)]?.form ?? 'steps']}
        />
      )}
      {fix && <CodeBlock title={`${FIX_FORMS[fix.form]}: ${fix.title}`} text={fix.content} />}
      {data !== undefined && <Paragraphs text={data.remediation} />}
    </div>
  );
}
