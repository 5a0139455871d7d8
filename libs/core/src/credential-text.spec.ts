import { expect, it } from 'vitest';
import { type CredentialShape, credentialShapeOf } from './credential-text.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const jwt = [{ alg: 'RS256', kid: 'k' }, { sub: 'system:serviceaccount:a:b' }]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');
// Put together here, so that no scanner takes this file for a leak.
const pem = ['-----BEGIN', 'EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC', 'PRIVATE KEY-----'].join(' ');
const kubeconfig = 'apiVersion: v1\nkind: Config\ncurrent-context: a\nclusters: []\n';

it.each<[string, string, CredentialShape]>([
  ['a JWT', `${jwt}.c2lnbmF0dXJl`, 'jwt'],
  ['a JWT without signature', `${jwt}.`, 'jwt'],
  ['a JWT in a sentence', `use ${jwt}.c2ln for it`, 'jwt'],
  ['a PEM key', pem, 'pem'],
  ['a PEM key in base64', base64(pem), 'pem'],
  ['a PEM key in wrapped base64', base64(pem).replaceAll(/(.{20})/g, '$1\n'), 'pem'],
  ['a kubeconfig', kubeconfig, 'kubeconfig'],
  ['a kubeconfig in JSON', '{"kind":"Config","apiVersion":"v1","users":[]}', 'kubeconfig'],
  ['a kubeconfig in base64', base64(kubeconfig), 'kubeconfig'],
  ['a part of a kubeconfig', 'client-key-data: LS0t', 'kubeconfig'],
  ['a token of GitHub', `ghp_${'a1'.repeat(18)}`, 'token'],
  ['a token of GitLab', `glpat-${'a1'.repeat(10)}`, 'token'],
  ['a token of Vault', `hvs.${'a1'.repeat(12)}`, 'token'],
  ['a token of OpenShift', `sha256~${'a1'.repeat(22)}`, 'token'],
  ['a token of Rancher', `kubeconfig-u-abc12:${'a1'.repeat(27)}`, 'token'],
  ['an access key of AWS', `AKIA${'A1'.repeat(8)}`, 'token'],
  ['an age key', `AGE-SECRET-KEY-1${'QP'.repeat(29)}`, 'token'],
  ['a bootstrap token', 'abcdef.0123456789abcdef', 'token'],
  ['a header', 'Authorization: Bearer abcdefghijklmnopqrstuvwxyz', 'token'],
  ['a URL with a password', 'https://admin:hunter2@vault.example.com/x', 'urlWithPassword'],
])('knows %s', (_name, text, shape) => {
  expect(credentialShapeOf(text)).toBe(shape);
});

it.each([
  'vault:secret/break-glass/edge-001',
  'https://vault.example.com/ui/vault/secrets/break-glass/show/edge-001',
  'https://vault.example.com:8200/v1/secret/data/edge',
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:break-glass/edge-001-AbCdEf',
  'op://Platform/edge-001/kubeconfig',
  'projects/platform/secrets/break-glass-kubeconfig/versions/latest',
  'Safe in room 2.14, envelope 7; key with the duty manager.',
  'break-glass.edge-001.example.com',
  'kv/platform/Config/users',
  'secretsforbreakglassedgecluster',
  '8f14e45fceea167a5a36dedd4bea2543',
  '',
])('takes a reference for one: %j', (text) => {
  expect(credentialShapeOf(text)).toBeUndefined();
});
