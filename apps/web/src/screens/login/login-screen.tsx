import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { type Login, logIn } from '../../api/actions.js';
import { Problem } from '../../api/problem.js';
import { LiveRegion } from '../../app/live-region.js';
import { Logo } from '../../app/logo.js';
import { ProblemAlert } from '../../ui/problem-alert.js';
import styles from './login-screen.module.css';

const route = getRouteApi('/login');

/** The secret of a one-time link is in the fragment, which browsers never send to a server. */
function linkOf(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('link');
}

/** Only a path of this dashboard, so that a crafted link cannot lead elsewhere after the login. */
function safeReturn(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])/.test(to) ? to : '/';
}

/** Here nobody sends headers, so the service's advice for API clients would not help. */
function refusal(error: Error, login: Login): Error {
  if (!(error instanceof Problem) || error.status !== 401) return error;
  return 'link' in login
    ? new Problem(
        401,
        error.code,
        'This link does not work',
        'It was used already, or it is older than ten minutes.',
        'Ask for a new link, or log in with a token.',
      )
    : new Problem(
        401,
        error.code,
        'This token is not accepted',
        'It is not known, has expired, or was revoked.',
        'Check that the whole token was pasted, or ask an administrator for a new one.',
      );
}

export function LoginScreen(): ReactNode {
  const search = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  const [token, setToken] = useState('');
  const login = useMutation({
    mutationFn: (input: Login) => logIn(input),
    onSuccess: () => {
      client.clear();
      router.history.replace(safeReturn(search.return));
    },
  });
  const { mutate } = login;
  const tried = useRef(false);
  useEffect(() => {
    document.title = 'Log in · Plimsoll';
    const link = linkOf(location.hash);
    if (link === null || tried.current) return;
    tried.current = true;
    // Used once; it must not stay in the address or in the history.
    history.replaceState(history.state, '', location.pathname + location.search);
    mutate({ link });
  }, [mutate]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (token.trim() !== '') mutate({ token: token.trim() });
  };
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <div className={styles['brand']}>
          <Logo />
          <div>
            <h1>Plimsoll</h1>
            <div className="muted">Fleet audit for Flux</div>
          </div>
        </div>
        <form className={styles['form']} onSubmit={submit}>
          <TextInput
            type="password"
            label="API token"
            description="Starts with plm_. The first one was printed when the service started."
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            autoComplete="off"
            autoFocus
            required
          />
          <Button type="submit" loading={login.isPending}>
            Log in
          </Button>
        </form>
        {login.error !== null && <ProblemAlert error={refusal(login.error, login.variables)} />}
        <p className="muted">
          Or open a one-time link: <code>plimsoll up</code> prints one, and an administrator can make one for you.
        </p>
      </div>
      <LiveRegion />
    </main>
  );
}
