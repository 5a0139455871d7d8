import { Kbd, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { SCREENS } from './shortcuts.js';
import styles from './shell.module.css';

export function HelpDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactNode {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keys"
      closeButtonProps={{ 'aria-label': 'Close' }}
      // The page has one banner, its own.
      attributes={{ header: { role: 'presentation' } }}
    >
      <dl className={styles['keys']}>
        <dt>
          <Kbd>/</Kbd>
        </dt>
        <dd>Search in the list of the screen</dd>
        <Row keys={['Ctrl K']} what="Search everything" />
        {SCREENS.map(({ key, name }) => (
          <Row key={key} keys={['g', key]} what={`Go to ${name}`} />
        ))}
        <Row keys={['j', 'k']} what="Next and previous row of a table" />
        <Row keys={['?']} what="This list" />
      </dl>
    </Modal>
  );
}

function Row({ keys, what }: { readonly keys: readonly string[]; readonly what: string }): ReactNode {
  return (
    <>
      <dt>
        {keys.map((key) => (
          <span key={key}>
            <Kbd>{key}</Kbd>{' '}
          </span>
        ))}
      </dt>
      <dd>{what}</dd>
    </>
  );
}
