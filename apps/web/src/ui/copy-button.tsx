import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { announce } from '../app/live-region.js';

/** Copies a text. Browsers offer the clipboard over https and on this machine only; elsewhere the text is selected. */
export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }): ReactNode {
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await writeClipboard(text);
    setDone(true);
    announce('Copied');
    setTimeout(() => setDone(false), 2_000);
  };
  return (
    <Button size="compact-sm" variant="default" onClick={() => void copy()}>
      {done ? 'Copied ✓' : label}
    </Button>
  );
}

async function writeClipboard(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
