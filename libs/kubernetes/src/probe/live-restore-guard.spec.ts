import { assert, constantFrom, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProbeRefused, type ProbeRequest } from './dry-run-guard.js';
import { assertLiveRestore, liveBinding, liveDeletion, type LiveRestore } from './live-restore-guard.js';

const SERVER = 'https://api.example.com:6443';
const PATH = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const HEADERS = { accept: METADATA, 'content-type': 'application/json' };
const RESTORE: LiveRestore = { name: 'platform-admin-restore-a1b2c3d4e5', user: 'break-glass:edge' };
const CREATED: LiveRestore = { ...RESTORE, uid: 'uid-1' };

const creation = (changes: Partial<ProbeRequest> = {}): ProbeRequest => ({
  method: 'POST',
  url: SERVER + PATH,
  headers: HEADERS,
  body: JSON.stringify(liveBinding(RESTORE)),
  ...changes,
});
const deletion = (changes: Partial<ProbeRequest> = {}): ProbeRequest => ({
  method: 'DELETE',
  url: `${SERVER}${PATH}/${RESTORE.name}`,
  headers: HEADERS,
  body: liveDeletion('uid-1'),
  ...changes,
});

it('lets the one binding be created, and that object be deleted', () => {
  expect(() => assertLiveRestore(creation(), SERVER, RESTORE)).not.toThrow();
  expect(() => assertLiveRestore(deletion(), SERVER, CREATED)).not.toThrow();
});

describe('everything else is refused', () => {
  const body = (changes: object) => JSON.stringify({ ...liveBinding(RESTORE), ...changes });
  it.each<[string, ProbeRequest, LiveRestore]>([
    [
      'another binding',
      creation({ body: JSON.stringify(liveBinding({ ...RESTORE, name: 'platform-admin' })) }),
      RESTORE,
    ],
    ['a name that is not one of a drill', creation(), { ...RESTORE, name: 'platform-admin' }],
    ['a name that leads elsewhere', creation(), { ...RESTORE, name: 'platform-admin-restore-../../../..' }],
    ['somebody else bound', creation({ body: body({ subjects: [{ kind: 'User', name: 'mallory' }] }) }), RESTORE],
    ['nobody bound', creation(), { ...RESTORE, user: '' }],
    ['a second subject', creation({ body: body({ subjects: [{}, {}] }) }), RESTORE],
    ['another role', creation({ body: body({ roleRef: { kind: 'ClusterRole', name: 'view' } }) }), RESTORE],
    ['more in the object', creation({ body: body({ rules: [] }) }), RESTORE],
    ['spaces in the object', creation({ body: `${creation().body} ` }), RESTORE],
    ['a query', creation({ url: `${SERVER}${PATH}?fieldManager=x` }), RESTORE],
    ['another server', creation({ url: `https://evil.example.com${PATH}` }), RESTORE],
    ['roles', creation({ url: SERVER + PATH.replace('bindings', 's') }), RESTORE],
    ['a change', creation({ method: 'PUT', url: `${SERVER}${PATH}/${RESTORE.name}` }), RESTORE],
    ['a second creation', creation(), CREATED],
    ['a deletion before there is anything', deletion(), RESTORE],
    ['the deletion of another object', deletion({ url: `${SERVER}${PATH}/platform-admin` }), CREATED],
    ['the deletion of a namesake', deletion({ body: liveDeletion('uid-2') }), CREATED],
    ['a deletion without a uid', deletion({ body: '{"apiVersion":"v1","kind":"DeleteOptions"}' }), CREATED],
    ['a deletion of everything', deletion({ url: SERVER + PATH }), CREATED],
    ['an empty uid', deletion({ body: liveDeletion('') }), { ...RESTORE, uid: '' }],
    ['somebody impersonated', creation({ headers: { ...HEADERS, 'impersonate-user': 'a' } }), RESTORE],
    ['other headers', creation({ headers: { ...HEADERS, accept: 'application/json' } }), RESTORE],
  ])('%s', (_what, request, restore) => {
    expect(() => assertLiveRestore(request, SERVER, restore)).toThrow(ProbeRefused);
  });
});

it('lets exactly two of all combinations through', () => {
  const passed = new Set<string>();
  const call = record({
    method: constantFrom('POST', 'DELETE', 'PUT', 'PATCH', 'GET'),
    url: constantFrom(SERVER + PATH, `${SERVER}${PATH}/${RESTORE.name}`, `${SERVER}${PATH}/a`, `${SERVER}/api/v1/pods`),
    headers: constantFrom(HEADERS, {}),
    body: constantFrom(undefined, creation().body, deletion().body, '{}', liveDeletion('other')),
    restore: constantFrom(RESTORE, CREATED, { ...RESTORE, name: 'a' }),
  });
  assert(
    property(call, ({ restore, body, ...rest }) => {
      try {
        assertLiveRestore({ ...rest, ...(body !== undefined && { body }) }, SERVER, restore);
        passed.add(`${rest.method} ${rest.url.slice(SERVER.length + PATH.length)}`);
      } catch (error) {
        if (!(error instanceof ProbeRefused)) throw error;
      }
    }),
    { numRuns: 20_000 },
  );
  expect([...passed].toSorted()).toEqual([`DELETE /${RESTORE.name}`, 'POST ']);
});
