import type { FastifyInstance } from 'fastify';
import type { LogLine } from '#model/instance.ts';
import type { LogQuery } from '#world/runtime.ts';
import type { WireLogLine } from '../contract.ts';
import type { Door } from '../door.ts';
import { sendLines } from '../ndjson.ts';
import { known } from './projects.ts';

interface Query {
  readonly service?: string;
  readonly instance?: string;
  readonly release?: number;
  readonly since?: number;
  readonly tail?: number;
  readonly follow?: boolean;
}

const querystring = {
  type: 'object',
  properties: {
    service: { type: 'string' },
    instance: { type: 'string' },
    release: { type: 'integer', minimum: 1 },
    since: { type: 'number', minimum: 0 },
    tail: { type: 'integer', minimum: 0 },
    follow: { type: 'boolean' },
  },
} as const;

/** `GET /projects/NAME/logs`: what its instances of all kept releases wrote, in order of time, as lines of JSON. */
export function logRoute(app: FastifyInstance, door: Door): void {
  app.get<{ Params: { project: string }; Querystring: Query }>(
    '/projects/:project/logs',
    { schema: { querystring } },
    async (request, reply) => {
      const { project } = request.params;
      await known(door.engine, project);
      const gone = new AbortController();
      const query: LogQuery = { project, ...request.query };
      return sendLines(reply, told(door.engine.logs(query, gone.signal)), gone);
    },
  );
}

async function* told(lines: AsyncIterable<LogLine>): AsyncGenerator<WireLogLine> {
  for await (const line of lines) yield { ...line, time: new Date(line.time).toISOString() };
}
