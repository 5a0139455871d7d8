import { describe, expect, it } from 'vitest';
import { noAnswer, problemOf } from './problem.js';

describe('problemOf', () => {
  it('reads a problem document', () => {
    const problem = problemOf(
      422,
      {
        type: 'https://plimsoll.example.com/problems/validation-failed',
        code: 'validation-failed',
        title: 'Request is not valid',
        detail: '/name: is missing',
        fix: 'Correct the fields.',
        errors: [{ pointer: '/name', code: 'required', detail: 'is missing' }],
        requestId: 'req_1',
      },
      null,
    );
    expect(problem).toMatchObject({
      status: 422,
      code: 'validation-failed',
      fix: 'Correct the fields.',
      errors: [{ pointer: '/name' }],
      requestId: 'req_1',
      type: '/problems/validation-failed',
      existingId: null,
    });
  });

  it.each([undefined, null, 'Bad Gateway', [], { title: 7 }])('makes one of %j too', (body) => {
    expect(problemOf(502, body, 'req_2')).toMatchObject({
      code: 'unknown',
      title: 'The service answered 502',
      fix: null,
      errors: [],
      requestId: 'req_2',
      type: null,
    });
  });
});

describe('noAnswer', () => {
  it('says what to do', () => {
    expect(noAnswer()).toMatchObject({ status: 0, code: 'no-answer' });
    expect(noAnswer().fix).toContain('running');
  });
});
