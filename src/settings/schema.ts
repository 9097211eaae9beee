import { z } from 'zod';
import { demands } from '#core/messages/demands.ts';
import { acmeSettings } from './acme.ts';
import { canarySettings } from './canary-schema.ts';
import { duration, line, trustedRange } from './forms.ts';
import { routePolicy } from './route-policy.ts';

/*
 * `x-timonel`, at the top of a Compose file and in each service: one schema, from which the documentation
 * (docs/x-timonel.md) is generated. Every object is strict: an unknown key is an error with the nearest name.
 * `meta.description` is the documentation's text, `meta.default` what happens without the key.
 */

const port = z.number().int().min(1).max(65_535).meta({ type: 'port' });
const words = z.array(z.string()).nonempty();
const ratio = z.number().min(0).max(1);

const rolling = z.strictObject({
  kind: z.literal('rolling'),
  parallelism: z.number().int().min(0).optional().meta({ description: 'Instances replaced at once; 0 is all.' }),
  delay: duration.optional().meta({ description: 'Pause between two batches.' }),
  order: z.enum(['start-first', 'stop-first']).optional(),
  failureAction: z.enum(['rollback', 'pause', 'continue']).optional(),
  monitor: duration.optional().meta({ description: 'Watch kept on each batch before the next.' }),
  maxFailureRatio: ratio.optional(),
});

const blueGreen = z.strictObject({
  kind: z.literal('blue-green'),
  warm: duration
    .optional()
    .meta({ description: 'How long the old release is kept ready for an instant rollback.', default: '10m' }),
});

const recreate = z.strictObject({ kind: z.literal('recreate') });

const strategy = z
  .union(
    [z.enum(['rolling', 'blue-green', 'canary', 'recreate']), rolling, blueGreen, canarySettings, recreate],
    demands.strategy.en,
  )
  .meta({
    description: 'How a new release replaces the old one.',
    default: 'rolling; recreate for services with data or without HTTP',
  });

const hold = z
  .union([
    z.boolean(),
    duration,
    z.strictObject({ for: duration.optional(), limit: z.number().int().min(1).optional() }),
  ])
  .meta({
    description: 'How long requests wait while a service is recreated or paused, and how many.',
    default: '30s, 1000 requests',
  });

const observe = z
  .union([
    z.boolean(),
    duration,
    z.strictObject({
      for: duration.optional(),
      errorRatio: ratio.optional(),
      minRequests: z.number().int().min(1).optional(),
    }),
  ])
  .meta({
    description:
      'Watch kept on the new release after the switch; a crash, a failing probe or too many 5xx bring the old one back.',
    default: '5s, 0.25, 20 requests',
  });

const probeTimes = {
  interval: duration.optional().meta({ default: '10s' }),
  timeout: duration.optional().meta({ default: '5s' }),
  retries: z.number().int().min(1).optional().meta({ default: 3 }),
  startPeriod: duration
    .optional()
    .meta({ default: '60s', description: 'How long an instance may take to become ready.' }),
};

const probe = z
  .strictObject({
    http: z
      .union([
        z.string().startsWith('/'),
        z.strictObject({
          path: z.string().startsWith('/'),
          port: port.optional(),
          scheme: z.enum(['http', 'https']).optional(),
          host: z.string().optional(),
          headers: z.record(z.string(), z.string()).optional(),
          status: z.array(z.number().int().min(100).max(599)).optional(),
        }),
      ])
      .optional()
      .meta({ description: 'GET from outside the instance, so the image needs no curl.' }),
    tcp: z
      .union([z.literal(true), port])
      .optional()
      .meta({ description: 'A connection to the port is enough.' }),
    command: words.optional().meta({ description: 'Run inside the instance; exit code 0 is healthy.' }),
    log: z.string().optional().meta({ description: 'Ready once a log line matches this regular expression.' }),
    running: duration
      .optional()
      .meta({ description: 'Ready when it still runs after this long.', default: '2s for services without a port' }),
    ...probeTimes,
  })
  .refine(
    (value) =>
      [value.http, value.tcp, value.command, value.log, value.running].filter((one) => one !== undefined).length === 1,
    {
      message: demands.oneProbe.en,
    },
  )
  .meta({ description: 'How to ask whether an instance is ready. Comes before the Compose healthcheck.' });

const route = z
  .strictObject({
    host: z
      .union([z.string(), z.array(z.string()).nonempty()])
      .optional()
      .meta({ description: 'A name or several; `*.example.org` takes every name with one label more.' }),
    path: z
      .union([z.string().startsWith('/'), z.array(z.string().startsWith('/')).nonempty()])
      .optional()
      .meta({ description: 'Path prefix.' }),
    rule: line.optional().meta({
      description:
        'A rule in the words of Traefik, such as Method(`POST`) && PathRegexp(`^/v[0-9]+/`); beside host and path all must hold.',
    }),
    port: port.optional().meta({ description: 'Port inside the service.', default: 'its only port' }),
    protocol: z.enum(['http', 'tcp']).optional(),
    tls: z
      .union([
        z.boolean(),
        z.strictObject({ certificate: z.string(), key: z.string() }),
        z.strictObject({ acme: z.boolean(), names: z.array(z.string()).nonempty().optional() }),
      ])
      .optional()
      .meta({
        description:
          'true: HTTPS with a self-signed certificate; or PEM files, which are watched for change; or `{acme: true}`: from the authority of `x-timonel.acme`, one for each host, or one for all of `names`.',
      }),
    entries: z
      .array(z.enum(['http', 'https']))
      .nonempty()
      .optional(),
    balance: z.enum(['roundrobin', 'leastconn']).optional(),
    priority: z.number().int().optional(),
    ...routePolicy,
  })
  .meta({ description: 'Which requests at the edge reach the service.' });

const process = z.strictObject({
  command: z
    .union([z.string(), words])
    .optional()
    .meta({ description: 'What to run instead of the image; a list, or one line.' }),
  cwd: z.string().optional().meta({ description: 'Working folder inside the source.' }),
  setup: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({ description: 'Shell commands run once per revision, before anything starts.' }),
  env: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

const release = z.strictObject({
  command: z
    .union([z.string(), words])
    .meta({ description: 'Run once per release in the new code, before it gets traffic.' }),
  timeout: duration.optional().meta({ default: '10m' }),
});

export const serviceSettings = z.strictObject({
  strategy: strategy.optional(),
  hold: hold.optional(),
  observe: observe.optional(),
  probe: probe.optional(),
  route: z.union([route, z.array(route)]).optional(),
  release: release.optional(),
  process: process.optional(),
  shareVolumes: z
    .boolean()
    .optional()
    .meta({ description: 'Two instances may use its volumes at once, so it need not be recreated.' }),
});

export const projectSettings = z.strictObject({
  runtime: z.enum(['process', 'docker']).optional().meta({
    description:
      'Where instances run. Without it: where the project ran before, else in containers where a service needs its image and Docker answers, else as processes.',
  }),
  environment: z.enum(['development', 'staging', 'production']).optional(),
  strategy: strategy.optional().meta({ description: 'For services that name none.' }),
  observe: observe.optional(),
  hold: hold.optional(),
  acme: acmeSettings.optional().meta({ description: 'Who issues certificates.' }),
  publicPorts: z
    .boolean()
    .optional()
    .meta({ description: 'Published ports are meant to be reachable from outside; no warning.' }),
  trustedProxies: z.array(trustedRange).optional().meta({
    description:
      'Proxies in front of the edge, as addresses or ranges: only their X-Forwarded-* headers are believed, for every project of this home.',
    default: 'nobody',
  }),
});

export type ServiceSettings = z.output<typeof serviceSettings>;
export type ProjectSettings = z.output<typeof projectSettings>;
