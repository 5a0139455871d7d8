import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Alert, Provider } from '#libs/core';
import { missingAlert, missingRules } from './missing-alert.js';
import { parsePromQL } from './promql.js';

const API = 'notification.toolkit.fluxcd.io/v1beta3';
const provider = (name: string, type: string, spec: object = {}): Provider => ({
  apiVersion: API,
  kind: 'Provider',
  metadata: { namespace: 'spoke-a', name },
  spec: { type, ...spec },
});
const alert = (name: string): Alert => ({
  apiVersion: 'notification.toolkit.fluxcd.io/v1beta2',
  kind: 'Alert',
  metadata: { namespace: 'spoke-a', name },
  spec: {},
});
const documentsOf = (text: string) =>
  parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Record<string, unknown>;
  });

describe('the missing Alert', () => {
  it.each([
    ['the first that calls people', [provider('status', 'github'), provider('pager', 'pagerduty')], 'pager'],
    ['none that is suspended', [provider('old', 'slack', { suspend: true }), provider('new', 'slack')], 'new'],
    ['none of another namespace', [{ ...provider('x', 'slack'), metadata: { namespace: 'b', name: 'x' } }], 'pager'],
  ])('names a Provider of its namespace: %s', (_what, providers, name) => {
    expect(documentsOf(missingAlert('spoke-a', [], providers).content).at(-1)).toMatchObject({
      apiVersion: API,
      kind: 'Alert',
      metadata: { name: 'remote-apply', namespace: 'spoke-a' },
      spec: { providerRef: { name }, eventSeverity: 'error' },
    });
  });

  it('is in the version of the API that is used already, and takes no name that is taken', () => {
    expect(documentsOf(missingAlert('spoke-a', [alert('remote-apply')], []).content).at(-1)).toMatchObject({
      apiVersion: 'notification.toolkit.fluxcd.io/v1beta2',
      metadata: { name: 'remote-apply-errors' },
    });
  });

  it.each(['true', '1e3', 'no', 'a: b\nkind: Secret', '- x'])('holds a namespace called %j as a text', (namespace) => {
    const documents = documentsOf(missingAlert(namespace, [], [provider('p', 'slack')]).content);
    expect(documents.map(({ kind }) => kind)).toEqual(['Provider', 'Alert']);
    expect(documents.at(-1)).toMatchObject({ metadata: { namespace } });
  });
});

describe('the missing rules', () => {
  it.each([true, false])('are PromQL (Flux Operator: %s)', (fluxOperator) => {
    const { content } = missingRules({ fluxOperator, fluxNamespaces: ['flux-system', 'flux-b'] });
    const expressions = documentsOf(content).flatMap(({ spec }) =>
      (spec as { groups: { rules: { expr: string }[] }[] }).groups.flatMap(({ rules }) =>
        rules.map(({ expr }) => expr),
      ),
    );
    expect(expressions).toHaveLength(4);
    for (const expression of expressions) expect(parsePromQL(expression).kind).not.toBe('notUnderstood');
    expect(expressions[0]).toContain(fluxOperator ? 'flux_resource_info' : 'gotk_resource_info');
    expect(expressions.at(-1)).toContain('namespace=~"flux-system|flux-b"');
  });
});
