import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { z } from 'zod';
import type { Permission } from '../auth/permissions.js';
import type { Answer } from './answer.js';
import type { ProblemCode } from './problem-codes.js';
import type { View } from './schema.js';
import type { Tag } from './tags.js';

/** An answer that is no JSON. */
export interface TextAnswer {
  readonly mediaType: 'application/yaml' | 'text/html' | 'text/plain';
  readonly example: string;
}

/** Success status → the schema of its body; null = no body. The first is the usual one. */
export type Answers = Readonly<Record<number, z.ZodType | TextAnswer | null>>;

/**
 * All that is promised about an operation besides its path, parameters and body, which Nest's own decorators declare
 * beside it. Admission, idempotency, limits and the OpenAPI document follow from it.
 */
export interface OperationDefinition<A extends Answers = Answers> {
  /** `operationId`: unique, lowerCamel, and the name of the method in generated clients. */
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** `authenticated`: every valid token or session, whatever its role. */
  readonly access: Permission | 'authenticated' | 'public';
  readonly answers: A;
  /** Problems beyond those that every operation of this shape has. */
  readonly errors?: readonly ProblemCode[];
  /** The object must exist for the write to be a change, and the change must name its version. */
  readonly ifMatch?: boolean;
  /** Successful answers carry the object's ETag. */
  readonly etag?: boolean;
  /** Every POST takes an Idempotency-Key; these insist on it. */
  readonly idempotencyKey?: 'required';
  /** Members of the answer that are shown once: a replay of the request does not repeat them. */
  readonly showOnce?: readonly string[];
  /** Takes `Prefer: wait=<seconds>` (RFC 7240 4.3). */
  readonly waits?: boolean;
  /** Bytes; 1 MiB unless stated. */
  readonly bodyLimit?: number;
}

export const DEFAULT_BODY_LIMIT = 1 << 20;

const OPERATION = 'plimsoll:operation';

type BodyOf<A extends Answers> = {
  [S in keyof A]: A[S] extends z.ZodType ? View<A[S]> : A[S] extends TextAnswer ? string : undefined;
}[keyof A];

type Handler<A extends Answers> = (...args: never[]) => Promise<Answer<BodyOf<A>>>;

/** Declares an operation. The compiler checks that the handler returns what is declared. */
export function Operation<const A extends Answers>(
  definition: OperationDefinition<A>,
): <H extends Handler<A>>(target: object, key: string, descriptor: TypedPropertyDescriptor<H>) => void {
  return applyDecorators(
    SetMetadata(OPERATION, definition),
    RouteConfig({ operation: definition, bodyLimit: definition.bodyLimit ?? DEFAULT_BODY_LIMIT }),
  );
}

export function operationOf(handler: object): OperationDefinition | undefined {
  return Reflect.getMetadata(OPERATION, handler) as OperationDefinition | undefined;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: OperationDefinition;
    bodyLimit?: number;
  }
}
