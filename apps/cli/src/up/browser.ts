import { spawn } from 'node:child_process';

/** Opens the address in the user's browser where there is one; silent otherwise. */
export function openBrowser(url: string): void {
  const commands: Partial<Record<NodeJS.Platform, [string, string[]]>> = {
    darwin: ['open', [url]],
    win32: ['cmd', ['/c', 'start', '', url]],
    linux: ['xdg-open', [url]],
  };
  const command = commands[process.platform];
  if (!command) return;
  const child = spawn(command[0], command[1], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

/** A person is at the terminal, and a desktop is there to show a page on. */
export function hasBrowser(env: NodeJS.ProcessEnv): boolean {
  if (!process.stdout.isTTY || env.CI) return false;
  return process.platform !== 'linux' || Boolean(env.DISPLAY ?? env.WAYLAND_DISPLAY);
}
