import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const sea: MantineColorsTuple = [
  '#eaf4fb',
  '#d3e6f4',
  '#a6cdea',
  '#76b2df',
  '#4c9ad2',
  '#2b84c3',
  '#1769aa',
  '#125a93',
  '#0d4a7a',
  '#083a61',
];

/** Components of Mantine in the dashboard's own measures; the colours of surfaces and states are in global.css. */
export const theme = createTheme({
  primaryColor: 'sea',
  primaryShade: { light: 6, dark: 6 },
  colors: { sea },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Its scroll lock would add a style element without the nonce of the policy; global.css does the same.
    Modal: { defaultProps: { lockScroll: false } },
  },
  focusRing: 'auto',
});

const surfaces = {
  '--mantine-color-body': 'var(--page)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-muted)',
  '--mantine-color-anchor': 'var(--link)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-hover': 'var(--surface-hover)',
  '--mantine-color-placeholder': 'var(--text-muted)',
};

/** Gives Mantine's components the colours of global.css, which has a set for each colour scheme. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: surfaces, dark: surfaces });
