import { z } from 'zod';
import { Problem, problemDocument, type ProblemDocument, type ProblemExtensions } from '../http/problem.js';
import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from '../http/problem-codes.js';
import { named } from '../http/schema.js';

/** Where the examples of a document pretend that the service runs. */
export const EXAMPLE_URL = 'https://plimsoll.example.com';
const EXAMPLE_REQUEST_ID = 'req_01JD9YZ3M6Q8R5T7V9X1Z3B5D7';

const EXAMPLE_EXTENSIONS: Partial<Record<ProblemCode, ProblemExtensions>> = {
  forbidden: { requiredPermission: 'clusters.write' },
  'cluster-duplicate': { existingId: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7' },
  'run-conflict': { existingId: 'run_01JD9YZ3M6Q8R5T7V9X1Z3B5D7' },
  'etag-mismatch': { currentETag: '"4"' },
  'too-many-nodes': { suggestedCollapse: 'label:region' },
  'verify-failed': { reason: 'tlsUnknownCa' },
  'kubeconfig-rejected': {
    errors: [
      {
        pointer: '/credential/kubeconfig#/users/0/user/exec',
        code: 'exec',
        detail: 'The kubeconfig starts a program; this server never runs one.',
      },
    ],
  },
  'validation-failed': { errors: [{ pointer: '/name', code: 'invalid-format', detail: 'This is not a valid name.' }] },
};

export function exampleProblem(code: ProblemCode): ProblemDocument {
  const problem = new Problem(code, PROBLEMS[code].meaning, EXAMPLE_EXTENSIONS[code]);
  return problemDocument(problem, EXAMPLE_URL, EXAMPLE_REQUEST_ID);
}

export const ProblemSchema = named(
  'Problem',
  z.object({
    type: z.url().describe('Address of a page that explains the problem.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]).describe('Stable; branch on this.'),
    detail: z.string().describe('What happened in this case, for people.'),
    fix: z.string().describe('What to do about it.'),
    requestId: z.string().optional(),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional().describe('JSON pointer into the request body.'),
          parameter: z.string().optional(),
          header: z.string().optional(),
          code: z.string(),
          detail: z.string(),
        }),
      )
      .optional(),
    requiredPermission: z.string().optional(),
    existingId: z.string().optional(),
    currentETag: z.string().optional(),
    reason: z.string().optional(),
    suggestedCollapse: z.string().optional(),
  }),
  'Problem details (RFC 9457) of every answer that is no success.',
  exampleProblem('validation-failed'),
);
