import type { LabelRequirement, LabelSelector } from '#libs/core';
import { toJsonb } from './jsonb.js';
import type { Parameters } from './parameters.js';

function requirementSql(column: string, requirement: LabelRequirement, parameters: Parameters): string {
  const { key, operator, values } = requirement;
  const [only] = values;
  if (operator === 'in' && values.length === 1 && only !== undefined) {
    // Containment is what the GIN index answers.
    return `${column} @> ${parameters.add(toJsonb({ [key]: only }))}::jsonb`;
  }
  const name = `${parameters.add(key)}::text`;
  if (operator === 'exists') return `${column} ? ${name}`;
  if (operator === 'notExists') return `NOT ${column} ? ${name}`;
  const list = `${parameters.add(values)}::text[]`;
  if (operator === 'in') return `${column} ->> ${name} = ANY(${list})`;
  return `coalesce(${column} ->> ${name} <> ALL(${list}), true)`;
}

/** Conditions on a jsonb column of labels that match as the API server matches (`matchesLabels` in libs/core). */
export function labelSelectorSql(
  column: string,
  selector: LabelSelector | undefined,
  parameters: Parameters,
): readonly string[] {
  return (selector ?? []).map((requirement) => requirementSql(column, requirement, parameters));
}
