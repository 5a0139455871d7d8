import { TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import styles from './filters.module.css';

export function FilterBar({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <search className={styles['bar']} aria-label="Filters">
      {children}
    </search>
  );
}

const TYPING_MS = 250;

interface SearchBoxProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** Asks the server when the typing pauses. The key `/` leads here. */
export function SearchBox({ label, value = '', onChange }: SearchBoxProps): ReactNode {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    // The address changed by other means, such as the back button.
    if (value !== sent.current) {
      sent.current = value;
      setTyped(value);
    }
  }, [value]);
  useEffect(() => {
    if (typed === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = typed;
      onChange(typed === '' ? undefined : typed);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  return (
    <TextInput
      size="xs"
      type="search"
      className={styles['search']}
      aria-label={label}
      placeholder={label}
      value={typed}
      data-search
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}

interface ToggleChipsProps<T extends string> {
  readonly label: string;
  readonly options: readonly T[];
  readonly chosen: readonly T[] | undefined;
  readonly onChange: (chosen: T[] | undefined) => void;
  readonly render: (option: T) => ReactNode;
}

/** Any of a few words. None chosen = no filter. */
export function ToggleChips<T extends string>(props: ToggleChipsProps<T>): ReactNode {
  const { label, options, chosen = [], onChange, render } = props;
  return (
    <fieldset className={styles['group']}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => {
        const pressed = chosen.includes(option);
        const next = pressed ? chosen.filter((word) => word !== option) : [...chosen, option];
        return (
          <button
            key={option}
            type="button"
            className={styles['chip']}
            aria-pressed={pressed}
            onClick={() => onChange(next.length === 0 ? undefined : next)}
          >
            {render(option)}
          </button>
        );
      })}
    </fieldset>
  );
}

/** A filter that came with the address, such as one cluster. */
export function ActiveFilter({
  label,
  value,
  onRemove,
}: {
  readonly label: string;
  readonly value: string;
  readonly onRemove: () => void;
}): ReactNode {
  return (
    <button type="button" className={styles['chip']} aria-pressed="true" title="Remove this filter" onClick={onRemove}>
      {label}: {value}
      <span className={styles['remove']} aria-hidden="true">
        ✕
      </span>
      <span className="visually-hidden">, remove</span>
    </button>
  );
}

interface ActiveFiltersProps<K extends string> {
  readonly keys: readonly K[];
  readonly chosen: { readonly [Key in K]?: readonly string[] | undefined };
  readonly onChange: (part: { [Key in K]?: string[] | undefined }) => void;
}

/** The filters that came with the address and have any number of values: each value can be taken off. */
export function ActiveFilters<K extends string>({ keys, chosen, onChange }: ActiveFiltersProps<K>): ReactNode {
  return keys.flatMap((key) => {
    const values = chosen[key] ?? [];
    return values.map((value) => (
      <ActiveFilter
        key={key + value}
        label={key}
        value={value}
        onRemove={() => {
          const rest = values.filter((other) => other !== value);
          const part: { [Key in K]?: string[] | undefined } = {};
          part[key] = rest.length === 0 ? undefined : rest;
          onChange(part);
        }}
      />
    ));
  });
}
