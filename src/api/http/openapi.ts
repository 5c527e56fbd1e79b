import { z } from 'zod';
import { ERROR_CODES } from '../../errors.ts';
import type { Route } from './route.ts';

const ERROR = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'retryable'],
      properties: {
        code: { enum: ERROR_CODES },
        message: { type: 'string' },
        retryable: { type: 'boolean' },
        details: { type: 'object' },
        requestId: { type: 'string' },
      },
    },
  },
};

/** The routes as an OpenAPI 3.1 document: what is checked is what is written. Pure. */
export function openApiOf(routes: readonly Route[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Waybill', version: '1' },
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Error: ERROR },
    },
  };
}

function operationOf(route: Route) {
  const { says, body, query, roles, status } = route;
  return {
    summary: says,
    ...(roles ? { description: `For: ${roles.join(', ')}.`, security: [{ bearer: [] }] } : {}),
    parameters: [...pathParameters(route), ...queryParameters(query)],
    ...(body
      ? { requestBody: { required: true, content: json(z.toJSONSchema(body, { io: 'input' })) } }
      : {}),
    responses: {
      [status ?? 200]: { description: 'Done.' },
      default: {
        description: 'Refused; recognise it by its code.',
        content: json({ $ref: '#/components/schemas/Error' }),
      },
    },
  };
}

const json = (schema: object) => ({ 'application/json': { schema } });

const pathParameters = ({ path }: Route) =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string' },
  }));

function queryParameters(query: z.ZodType | undefined) {
  if (!query) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: 'query', required: required.includes(name) },
    schema,
  }));
}
