import { z } from 'zod';
import { named, type View } from '../http/schema.js';
import { ProblemSchema } from '../openapi/problem-schema.js';

export const BatchResult = named(
  'BatchResult',
  z.object({
    created: z.int(),
    failed: z.int(),
    items: z.array(
      z.object({
        index: z.int().describe('Position in the request.'),
        name: z.string().nullable(),
        status: z.int().describe('201, or the status of the problem.'),
        id: z.string().optional(),
        problem: ProblemSchema.optional(),
      }),
    ),
  }),
  'What became of each item of a batch.',
  {
    created: 1,
    failed: 0,
    items: [{ index: 0, name: 'edge-001', status: 201, id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7' }],
  },
);
export type BatchResult = View<typeof BatchResult>;
