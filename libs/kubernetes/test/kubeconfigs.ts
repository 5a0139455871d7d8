import { stringify } from 'yaml';
import { KubeconfigRejected } from '../src/access/kubeconfig-rejected.js';
import { parseKubeconfig } from '../src/access/parse-kubeconfig.js';

export type Part = Readonly<Record<string, unknown>>;

export const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A kubeconfig that is accepted, with parts replaced; `undefined` takes a field away. */
export function kubeconfig(parts: { cluster?: Part; user?: Part; context?: Part; top?: Part } = {}): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'prod',
    clusters: [{ name: 'c', cluster: { server: 'https://api.example.com:6443', ...parts.cluster } }],
    users: [{ name: 'u', user: { token: 'secret-token', ...parts.user } }],
    contexts: [{ name: 'prod', context: { cluster: 'c', user: 'u', ...parts.context } }],
    ...parts.top,
  };
  return stringify(JSON.parse(JSON.stringify(config)));
}

/** Why a text is refused. Throws where it is accepted, or where a message is not fit for people. */
export function rejectionOf(text: string, context?: string): KubeconfigRejected {
  try {
    parseKubeconfig(text, context === undefined ? {} : { context });
  } catch (error) {
    if (!(error instanceof KubeconfigRejected)) throw error;
    for (const { message, fix } of error.errors) {
      if (!/^[A-Za-z].+\.$/.test(message) || !/[.)]$/.test(fix))
        throw new Error(`unfit for people: ${message} ${fix}`, { cause: error });
    }
    return error;
  }
  throw new Error('it was accepted');
}

/** `pointer code` of every problem. */
export function codesOf(text: string, context?: string): string[] {
  return rejectionOf(text, context).errors.map(({ pointer, code }) => `${pointer} ${code}`);
}
