import { Column, type ColumnOptions } from 'typeorm';

// Explicit types, so that no column depends on what the compiler emits about a property.

type Options = Pick<ColumnOptions, 'nullable' | 'select'>;

export const Text = (options: Options = {}) => Column({ type: 'text', ...options });
export const TextArray = (options: Options = {}) => Column({ type: 'text', array: true, ...options });
export const Integer = (options: Options = {}) => Column({ type: 'integer', ...options });
const Real = (options: Options = {}) => Column({ type: 'real', ...options });
export const Flag = () => Column({ type: 'boolean' });
export const Json = (options: Options = {}) => Column({ type: 'jsonb', ...options });

/** RFC 3339 in UTC with milliseconds, in code; `timestamptz(3)` in the database. */
export const Time = (options: Options = {}) =>
  Column({
    type: 'timestamptz',
    precision: 3,
    ...options,
    transformer: {
      from: (value: unknown) => (value instanceof Date ? value.toISOString() : value),
      to: (value: unknown) => value,
    },
  });

const NULLABLE = { nullable: true };
export const OptionalText = () => Text(NULLABLE);
export const OptionalInteger = () => Integer(NULLABLE);
export const OptionalReal = () => Real(NULLABLE);
export const OptionalJson = () => Json(NULLABLE);
export const OptionalTime = () => Time(NULLABLE);
export const OptionalFlag = () => Column({ type: 'boolean', nullable: true });

/** Read only by the one method that needs it, never part of a record. */
export const Hidden = { select: false };
