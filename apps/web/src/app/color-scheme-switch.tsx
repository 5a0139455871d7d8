import { Button, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const GLYPH = { auto: '◐', light: '○', dark: '●' } as const;
const WORD = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

/** System → light → dark. */
export function ColorSchemeSwitch(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const label = `Colours: ${WORD[colorScheme]}. Switch to ${WORD[NEXT[colorScheme]]}`;
  return (
    <Button
      size="compact-md"
      variant="subtle"
      color="gray"
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(NEXT[colorScheme])}
    >
      {GLYPH[colorScheme]}
    </Button>
  );
}
