import { describe, expect, it } from 'vitest';
import { ClusterError } from '../cluster-error.js';
import { classifyError } from './classify-error.js';

const failing = (code: unknown, message = 'hunter2') => Object.assign(new Error(message), { code });

describe('classifyError', () => {
  it.each([
    ['ECONNREFUSED', 'unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
    ['ENOTFOUND', 'unresolvable'],
    ['ECONNRESET', 'connectionLost'],
    ['UND_ERR_SOCKET', 'connectionLost'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'clientCertificateRefused'],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'clientCertificateRefused'],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'clientCertificateRefused'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'clientCertificateRefused'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tlsFailed'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tlsFailed'],
    ['CERT_HAS_EXPIRED', 'tlsExpired'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tlsUnknownCa'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tlsHostname'],
    ['Z_DATA_ERROR', 'malformed'],
    ['SOMETHING_NEW', 'unreachable'],
    ['constructor', 'unreachable'],
    [404, 'unreachable'],
    [undefined, 'unreachable'],
  ])('%s is %s', (code, expected) => {
    const error = classifyError(failing(code));
    expect(error.code).toBe(expected);
    expect(error.message + JSON.stringify(error)).not.toContain('hunter2');
  });

  it('takes the code of the first of several addresses', () => {
    const error = new AggregateError([failing('ECONNREFUSED'), failing('EHOSTUNREACH')]);
    expect(classifyError(error)).toMatchObject({ code: 'unreachable', detail: 'ECONNREFUSED' });
  });

  it('repeats no code that could hold something else', () => {
    expect(classifyError(failing('password is hunter2')).detail).toBeUndefined();
    expect(classifyError(failing('A'.repeat(200))).detail).toBeUndefined();
  });

  it.each([null, undefined, 'text', 5, {}])('takes %j for a lost cause', (value) => {
    expect(classifyError(value).code).toBe('unreachable');
  });

  it('leaves what is classified as it is', () => {
    const error = new ClusterError('forbidden');
    expect(classifyError(error)).toBe(error);
  });
});
