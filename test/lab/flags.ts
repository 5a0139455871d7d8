/** Command line flags by name: `true` gives `--name`, a text `--name=text`, undefined nothing. */
export type Flags = Readonly<Record<string, string | number | true | undefined>>;

export function toArguments(flags: Flags): string[] {
  return Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [value === true ? `--${name}` : `--${name}=${value}`],
  );
}
