import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';
import { PROBLEM_CODES } from './problem-codes.js';

let api: TestApi;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-web-'));
  await mkdir(path.join(folder, 'assets'));
  await writeFile(
    path.join(folder, 'index.html'),
    '<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><script type="module" nonce="__CSP_NONCE__" src="/assets/app-1a2b.js"></script>',
  );
  await writeFile(path.join(folder, 'assets/app-1a2b.js'), 'export {};');
  await writeFile(path.join(folder, 'mark.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  api = await startApi({ webRoot: folder });
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const browse = (url: string, accept = 'text/html,application/xhtml+xml,*/*;q=0.8') =>
  fetch(`${api.url}${url}`, { headers: { accept } });

describe('the dashboard', () => {
  it.each(['/', '/findings?severity=high', '/clusters/edge-001', '/login', '/index.html'])(
    'gets its page at %s, never cached, with a fresh nonce',
    async (url) => {
      const [first, second] = [await browse(url), await browse(url)];
      expect([first.status, first.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(first.headers.get('cache-control')).toBe('no-cache');
      const nonces = await Promise.all(
        [first, second].map(async (answer) => {
          const policy = answer.headers.get('content-security-policy') ?? '';
          const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
          const text = await answer.text();
          expect(text.split(nonce)).toHaveLength(3);
          expect(text).not.toContain('__CSP_NONCE__');
          return nonce;
        }),
      );
      expect(nonces[0]).not.toBe(nonces[1]);
    },
  );

  it('may run only its own scripts, and may not be framed', async () => {
    const policy = (await browse('/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(?:;|$)/);
    expect(policy).not.toMatch(/unsafe|upgrade-insecure-requests|https?:/);
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('keeps hashed files for ever, others for minutes', async () => {
    const asset = await browse('/assets/app-1a2b.js', '*/*');
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(asset.headers.get('content-type')).toContain('javascript');
    const mark = await browse('/mark.svg', 'image/svg+xml');
    expect([mark.status, mark.headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
  });

  it.each([
    ['/assets/app-gone.js', '*/*'],
    ['/assets/..%2f..%2f..%2fetc%2fpasswd', '*/*'],
    ['/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd', '*/*'],
    ['/api/v1/nope', 'text/html'],
    ['/api', 'text/html'],
    ['/problems/nope', 'text/html'],
    ['/data.json', 'application/json'],
  ])('does not take %s over', async (url, accept) => {
    const answer = await browse(url, accept);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it('may insist on https where it is served by https', async () => {
    const secure = await startApi({ webRoot: folder, publicUrl: 'https://plimsoll.test' });
    try {
      const policy = (await fetch(secure.url, { headers: { accept: 'text/html' } })).headers.get(
        'content-security-policy',
      );
      expect(policy).toContain('upgrade-insecure-requests');
    } finally {
      await secure.close();
    }
  });
});

describe('pages of the API', () => {
  it('explain every problem at the address that its documents name', async () => {
    const { body } = await api.get('/nope');
    expect(body.type).toBe('http://plimsoll.test/problems/not-found');
    const index = (await api.get('/problems', { as: null })).text;
    for (const code of PROBLEM_CODES) {
      const { status, text } = await api.get(`/problems/${code}`, { as: null });
      expect([code, status]).toEqual([code, 200]);
      expect(text).toMatch(/<h2>What to do<\/h2>/);
      expect(index).toContain(`href="/problems/${code}"`);
    }
    expect((await api.get('/problems/no-such-problem', { as: null })).status).toBe(404);
  });

  it('show the reference without scripts or other sites', async () => {
    const { status, text, headers } = await api.get('/api/docs', { as: null });
    expect(status).toBe(200);
    expect(text).not.toMatch(/<script|style="|\son\w+="/);
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    const { operations, document } = await import('../../../../test/support/api/contract.js');
    for (const { operationId } of operations) expect(text).toContain(`id="${operationId}"`);
    for (const name of Object.keys(document.components['schemas'] ?? {})) expect(text).toContain(`id="schema-${name}"`);
    const targets = [...text.matchAll(/href="#([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(targets.filter((target) => !text.includes(`id="${target}"`))).toEqual([]);
  });

  it('serve the document that they were made from', async () => {
    const { body, headers } = await api.get('/openapi.json', { as: null });
    expect([body.openapi, body.servers[0].url]).toEqual(['3.1.0', 'http://plimsoll.test']);
    expect(headers['content-type']).toContain('application/json');
  });
});
