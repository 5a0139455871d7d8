import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { logOut } from '../api/actions.js';
import { me } from '../api/queries.js';
import { ColorSchemeSwitch } from './color-scheme-switch.js';
import { LiveRegion } from './live-region.js';
import { Logo } from './logo.js';
import { RunningBar } from './running-bar.js';
import styles from './shell.module.css';
import { type ScreenPath, SCREENS, useShortcuts } from './shortcuts.js';

const Finder = lazy(async () => ({ default: (await import('./finder.js')).Finder }));
const HelpDialog = lazy(async () => ({ default: (await import('./help-dialog.js')).HelpDialog }));

/** What stands around every screen but the login. */
export function Shell(): ReactNode {
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'help' | 'finder' | null>(null);
  const main = useRef<HTMLElement>(null);
  const go = useCallback((to: ScreenPath) => void navigate({ to }), [navigate]);
  const close = useCallback(() => setDialog(null), []);
  const help = useCallback(() => setDialog('help'), []);
  const find = useCallback(() => setDialog('finder'), []);
  const search = useCallback(() => {
    const box = document.querySelector<HTMLInputElement>('input[data-search]');
    if (box === null) setDialog('finder');
    else box.select();
  }, []);
  useShortcuts({ go, help, search, find });
  useFocusOnNewScreen(main);

  return (
    <>
      <a className={styles['skip']} href="#main">
        Skip to the content
      </a>
      <header className={styles['header']}>
        <div className={styles['headerRow']}>
          <Link to="/" className={styles['brand']}>
            <Logo />
            Plimsoll
          </Link>
          <nav className={styles['nav']} aria-label="Screens">
            {SCREENS.map(({ to, name, key }) => (
              <Link
                key={to}
                to={to}
                title={`g ${key}`}
                activeOptions={{ exact: to === '/', includeSearch: false }}
                activeProps={{ 'aria-current': 'page' }}
              >
                {name}
              </Link>
            ))}
          </nav>
          <div className={styles['side']}>
            <Button size="compact-sm" variant="default" className={styles['find']} onClick={find}>
              Search <kbd>Ctrl K</kbd>
            </Button>
            <ColorSchemeSwitch />
            <Button size="compact-md" variant="subtle" color="gray" aria-label="Keys" title="Keys (?)" onClick={help}>
              ?
            </Button>
            <WhoAmI />
          </div>
        </div>
        <RunningBar />
      </header>
      <main id="main" ref={main} tabIndex={-1} className={styles['main']}>
        <Outlet />
      </main>
      <LiveRegion />
      <Suspense>
        {dialog === 'help' && <HelpDialog opened onClose={close} />}
        {dialog === 'finder' && <Finder opened onClose={close} />}
      </Suspense>
    </>
  );
}

function WhoAmI(): ReactNode {
  const { data } = useQuery(me());
  const client = useQueryClient();
  const navigate = useNavigate();
  if (data === undefined) return null;
  const leave = async (): Promise<void> => {
    await logOut();
    // First away from what would ask again, then forget.
    await navigate({ to: '/login' });
    client.clear();
  };
  return (
    <>
      <span className="muted nowrap" title={`Role: ${data.role}`}>
        {data.name}
      </span>
      <Button size="compact-sm" variant="default" onClick={() => void leave()}>
        Log out
      </Button>
    </>
  );
}

/** After a change of screen the reader starts at its top, as with a page load. */
function useFocusOnNewScreen(main: React.RefObject<HTMLElement | null>): void {
  const { pathname } = useLocation();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    main.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, [pathname, main]);
}
