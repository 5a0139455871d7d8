import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from '#libs/simulator';
import { kubeconfig, rejectionOf, type Part } from '../../test/kubeconfigs.js';
import { KUBECONFIG_ERROR_CODES } from './kubeconfig-rejected.js';

const authority = await CertificateAuthority.create();
const client = await authority.issueClient('auditor', ['readers']);

describe('nothing is run and nothing is read', () => {
  it('neither a program, nor a file, whatever the kubeconfig says', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-kubeconfig-'));
    try {
      const witness = join(folder, 'witness');
      const token = join(folder, 'token');
      const certificate = join(folder, 'client.crt');
      const key = join(folder, 'client.key');
      writeFileSync(token, 'token-from-a-file');
      writeFileSync(certificate, client.certPem);
      writeFileSync(key, client.keyPem);
      const exec = {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: '/bin/sh',
        args: ['-c', `touch ${witness}`],
      };
      const attacks: { user?: Part; cluster?: Part }[] = [
        { user: { exec } },
        { user: { token: undefined, exec } },
        { user: { 'auth-provider': { name: 'exec', config: { exec } } } },
        { user: { 'auth-provider': { name: 'azure', config: { 'cmd-path': 'touch', 'cmd-args': witness } } } },
        { user: { 'auth-provider': { name: 'gcp', config: { 'cmd-path': 'touch', 'cmd-args': witness } } } },
        { user: { token: undefined, tokenFile: token } },
        { user: { token: undefined, 'auth-provider': { name: 'tokenFile', config: { tokenFile: token } } } },
        { user: { token: undefined, 'client-certificate': certificate, 'client-key': key } },
        { cluster: { 'certificate-authority': certificate } },
      ];
      for (const attack of attacks) {
        const rejected = rejectionOf(kubeconfig(attack));
        expect(JSON.stringify(rejected) + rejected.message).not.toContain(folder);
      }
      expect(existsSync(witness)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('because the parser has no way to do either', () => {
    const imports = (file: string): string[] =>
      [...readFileSync(new URL(file, import.meta.url), 'utf8').matchAll(/from '([^']+)'/g)].map(
        (match) => match[1] ?? '',
      );
    const pending = ['./parse-kubeconfig.ts'];
    const found = new Set<string>();
    for (const file of pending) {
      for (const target of imports(file)) {
        const next = target.startsWith('./') ? target.replace(/\.js$/, '.ts') : target;
        if (!found.has(next) && next.startsWith('./')) pending.push(next);
        found.add(next);
      }
    }
    const packages = [...found].filter((name) => !name.startsWith('./'));
    expect(packages.toSorted()).toEqual(['node:crypto', 'yaml']);
    expect(found.size).toBeGreaterThan(6);
  });

  it('and no value is repeated in an error', () => {
    const secret = 'hunter2hunter2';
    const rejected = rejectionOf(
      kubeconfig({
        cluster: {
          server: `https://${secret}:${secret}@host`,
          'certificate-authority-data': secret,
          'proxy-url': secret,
        },
        user: { token: `${secret} `, password: secret, username: secret, 'client-key': secret },
      }),
    );
    expect(JSON.stringify(rejected) + rejected.message + rejected.fix + String(rejected.stack)).not.toContain(secret);
  });
});

it('has a case in the specs beside this one for every code', () => {
  const specs = ['parse-kubeconfig', 'refused-fields', 'plain-yaml']
    .map((name) => readFileSync(new URL(`./${name}.spec.ts`, import.meta.url), 'utf8'))
    .join('');
  expect(KUBECONFIG_ERROR_CODES.filter((code) => !new RegExp(`\\b${code}'`).test(specs))).toEqual([]);
});
