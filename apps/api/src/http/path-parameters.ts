import type { FastifyRequest } from 'fastify';
import { invalid, Problem } from './problem.js';

const CONTROL_CHARACTER = /\p{Cc}/u;

/**
 * Turns away path parameters with control characters before anything asks the database, which cannot even hold NUL:
 * no name or id has one, so nothing is there. A PUT makes what is not there; for it such a name is invalid.
 * @throws {Problem} `not-found`, or `validation-failed` for PUT
 */
export function requirePrintableParameters({ method, params, routeOptions }: FastifyRequest): void {
  if (!routeOptions.config.operation) return;
  for (const [parameter, value] of Object.entries(Object(params) as Record<string, unknown>)) {
    if (typeof value !== 'string' || !CONTROL_CHARACTER.test(value)) continue;
    const detail = 'Names and ids have no control characters.';
    if (method === 'PUT') throw invalid([{ parameter, code: 'invalid-format', detail }]);
    throw new Problem('not-found', `There is nothing at this path. ${detail}`);
  }
}
