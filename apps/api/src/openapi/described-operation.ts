import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { z } from 'zod';
import { operationOf, type OperationDefinition } from '../http/operation.js';

/** An operation with what Nest's decorators say about it. */
export interface DescribedOperation {
  readonly definition: OperationDefinition;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In the notation of OpenAPI: `/api/v1/clusters/{clusterRef}`. */
  readonly path: string;
  readonly pathParameters: readonly string[];
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
}

const METHODS: Partial<Record<RequestMethod, DescribedOperation['method']>> = {
  [RequestMethod.GET]: 'get',
  [RequestMethod.POST]: 'post',
  [RequestMethod.PUT]: 'put',
  [RequestMethod.PATCH]: 'patch',
  [RequestMethod.DELETE]: 'delete',
};

function metadata(key: string, target: object, property?: string): unknown {
  return property === undefined ? Reflect.getMetadata(key, target) : Reflect.getMetadata(key, target, property);
}

function pathOf(target: object): string {
  const path = metadata(PATH_METADATA, target);
  return typeof path === 'string' ? path : '';
}

/** Nest keeps parameters under `<kind>:<index>`. */
function schemaOf(parameters: unknown, kind: RouteParamtypes): unknown {
  const entry = Object.entries(Object(parameters) as Record<string, { readonly schema?: unknown }>).find(([key]) =>
    key.startsWith(`${kind}:`),
  );
  return entry?.[1].schema;
}

/** Fastify writes a literal colon as two, and a parameter as `:name`. */
function openApiPath(prefix: string, path: string): string {
  const joined = `/${prefix}/${path}`.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '');
  return joined.replaceAll(/(?<!:):(\w+)/g, '{$1}').replaceAll('::', ':');
}

function describe(controller: Type, name: string, handler: object): DescribedOperation | null {
  const definition = operationOf(handler);
  const method = METHODS[metadata(METHOD_METADATA, handler) as RequestMethod];
  if (!definition || !method) return null;
  const path = openApiPath(pathOf(controller), pathOf(handler));
  const parameters = metadata(ROUTE_ARGS_METADATA, controller, name);
  const query = schemaOf(parameters, RouteParamtypes.QUERY);
  const body = schemaOf(parameters, RouteParamtypes.BODY);
  return {
    definition,
    method,
    path,
    pathParameters: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''),
    ...(query instanceof z.ZodObject && { query }),
    ...(body instanceof z.ZodType && { body }),
  };
}

/** All operations of some controllers, in the order in which they are written. Handlers without one are left out. */
export function operationsOf(controllers: readonly Type[]): DescribedOperation[] {
  return controllers.flatMap((controller) => {
    const prototype = controller.prototype as object;
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
      const described = typeof handler === 'function' ? describe(controller, name, handler) : null;
      return described ? [described] : [];
    });
  });
}
