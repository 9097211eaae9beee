/*
 * JSON schemas of the bodies that the daemon takes. Unknown members are refused, so that a client of a later version
 * learns that this daemon would ignore what it asks.
 */

const strings = { type: 'array', items: { type: 'string' } } as const;
const text = { type: 'string' } as const;

/** A ProjectRequest. */
export const requestSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['cwd', 'env'],
  properties: {
    cwd: text,
    env: { type: 'object', additionalProperties: text },
    files: strings,
    stdin: text,
    projectDirectory: text,
    projectName: text,
    profiles: strings,
    envFiles: strings,
    runtime: { type: 'string', enum: ['process', 'docker'] },
  },
} as const;

/** A DeploymentOrder; which members go with which kind is the routes' business. */
export const orderSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'waitMs', 'by'],
  properties: {
    kind: { type: 'string', enum: ['deploy', 'rollback', 'scale', 'restart', 'switchover', 'down'] },
    waitMs: { type: 'number', minimum: 0 },
    by: { type: 'string', maxLength: 200 },
    project: text,
    request: requestSchema,
    release: { type: 'integer', minimum: 1 },
    replicas: { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } },
    services: strings,
  },
} as const;
