import { spawn, type ChildProcess } from 'node:child_process';

export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  /** Resolves when it has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts one of our programs with an IPC channel: it ends itself when this process dies. */
export function startChild(
  name: string,
  script: string,
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
): Child {
  const child = spawn(process.execPath, ['--enable-source-maps', script], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1));
  });
  return { name, process: child, ended };
}

/** SIGTERM, then SIGKILL for whatever is still there after the grace period. */
export async function stopChildren(children: readonly Child[], graceMs: number): Promise<void> {
  for (const child of children) child.process.kill('SIGTERM');
  const timer = setTimeout(() => {
    for (const child of children) child.process.kill('SIGKILL');
  }, graceMs);
  await Promise.all(children.map((child) => child.ended));
  clearTimeout(timer);
}
