import type { SelectorObject } from '#libs/core';
import { defined, type Fields } from './fields.js';

/** A label selector as it stands: `{}`, which selects everything, stays there; an absent one stays absent. */
export function selectorOf(holder: Fields, key: string): SelectorObject | undefined {
  const fields = holder.child(key);
  return fields && selectorObject(fields);
}

export function selectorObject(fields: Fields): SelectorObject {
  return defined({
    matchLabels: fields.textMap('matchLabels'),
    matchExpressions: fields.children('matchExpressions')?.map((expression) =>
      defined({
        key: expression.text('key') ?? '',
        operator: expression.text('operator') ?? '',
        values: expression.texts('values'),
      }),
    ),
  });
}
