import { z } from 'zod';
import { demands } from '#core/messages/demands.ts';
import { duration, headerName, line, pattern, size } from './forms.ts';

/*
 * What happens to a route's requests on their way, in `x-timonel.route`. Whatever the order in the file, a request
 * meets these in the order of `settings-policy.ts`.
 */

const oneOrMore = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).nonempty()]);
const path = line.startsWith('/');
const status = z.number().int().min(400).max(599);

const by = z
  .union([
    z.enum(['address', 'host']),
    z.strictObject({ header: headerName }),
    z.strictObject({ claim: z.string().regex(/^[\w.-]+$/, { message: demands.claim.en }) }),
  ])
  .optional()
  .meta({
    description: 'Whose requests are counted together. A claim of a bearer token is not verified.',
    default: 'address',
  });

/** Times are kept in 32 bits, in half of which two windows must have room. */
const window = duration.refine((ms) => ms > 0 && ms <= 10 * 86_400_000, { message: 'a duration of at most 240h' });

const rateLimit = z
  .strictObject({
    average: z.number().int().positive().optional().meta({ description: 'Requests in each period.' }),
    period: duration.optional().meta({ default: '1s' }),
    burst: z.number().int().positive().optional().meta({ description: 'Requests at once.', default: 'as average' }),
    windows: z
      .array(z.strictObject({ requests: z.number().int().positive(), per: window }))
      .min(1)
      .max(2)
      .optional()
      .meta({ description: 'Instead: at most so many in any so long, all of which must have room.' }),
    by,
  })
  .refine((value) => (value.average === undefined) !== (value.windows === undefined), {
    message: demands.averageOrWindows.en,
  });

const breaker = z.strictObject({
  when: z.string().meta({ description: 'Such as ResponseCodeRatio(500, 600, 0, 600) > 0.25, as in Traefik.' }),
  check: duration.optional().meta({ default: '100ms' }),
  pause: duration.optional().meta({ default: '10s', description: 'How long nothing passes.' }),
  recovery: duration.optional().meta({ default: '10s', description: 'How long the share that passes grows.' }),
  status: status.optional().meta({ default: 503 }),
});

const security = z.strictObject({
  hsts: z
    .union([z.literal(false), duration])
    .optional()
    .meta({ default: '8760h on HTTPS' }),
  frame: z
    .union([z.literal(false), z.enum(['deny', 'same-origin'])])
    .optional()
    .meta({ default: 'same-origin' }),
  nosniff: z.boolean().optional().meta({ default: true }),
  referrer: z
    .union([z.literal(false), line])
    .optional()
    .meta({ default: 'strict-origin-when-cross-origin' }),
  contentPolicy: line.optional().meta({ description: 'Content-Security-Policy.' }),
});

const cors = z.strictObject({
  origins: z.array(line).nonempty().meta({ description: 'Such as https://app.example.org; * is all.' }),
  methods: z.array(line).optional().meta({ default: 'GET, HEAD, POST' }),
  headers: z.array(headerName).optional(),
  expose: z.array(headerName).optional(),
  credentials: z.boolean().optional(),
  maxAge: duration.optional(),
});

const basicAuth = z.strictObject({
  users: z.array(line).nonempty().meta({ description: 'NAME:HASH, as htpasswd writes them.' }),
  realm: line.optional(),
  keepHeader: z.boolean().optional().meta({ description: 'Pass the password on to the service.' }),
  userHeader: headerName.optional().meta({ description: 'The header that tells the service the name.' }),
});

const change = z.strictObject({ from: pattern, to: line });

const outliers = z.strictObject({
  consecutive: z.number().int().positive().optional().meta({ description: 'Errors one after the other.', default: 5 }),
  excess: z
    .number()
    .positive()
    .max(1)
    .optional()
    .meta({ description: 'Share of errors above that of its siblings, 0 to 1.', default: 0.3 }),
  minRequests: z.number().int().positive().optional().meta({ default: 20 }),
  window: duration.optional().meta({ default: '10s' }),
  pause: duration.optional().meta({ description: 'The first time; then twice as long.', default: '30s' }),
  maxPause: duration.optional().meta({ default: '5m' }),
  maxShare: z
    .number()
    .positive()
    .max(1)
    .optional()
    .meta({ description: 'Share of the instances that may be out at once.', default: 0.5 }),
});

/** `503` or `500-599`. */
const failed = z.string().regex(/^[45]\d\d(-[45]\d\d)?$/, { message: demands.statuses.en });

const errorPages = z.strictObject({
  status: oneOrMore(z.union([status, failed])).meta({ description: 'Of what is replaced, such as 500-599.' }),
  service: line.meta({ description: 'Has the pages.' }),
  port: z.number().int().positive().optional().meta({ default: "the service's first that speaks HTTP" }),
  path: path.optional().meta({ description: 'May hold {status}, {originalStatus} and {url}.', default: '/' }),
  rewrite: z
    .record(failed, z.number().int().min(200).max(599))
    .optional()
    .meta({ description: 'The status that the client gets instead.' }),
  headers: z.array(headerName).optional().meta({ description: 'Of the request, for the pages.', default: 'all' }),
});

/** The members of `x-timonel.route` that make its policy. */
export const routePolicy = {
  rateLimit: oneOrMore(rateLimit).optional().meta({
    description: '429 for what is over it. Counting goes on over deployments; a restart of the proxy begins anew.',
  }),
  inFlight: z
    .union([z.number().int().positive(), z.strictObject({ amount: z.number().int().positive(), by })])
    .optional()
    .meta({ description: 'Requests of one client that may be unanswered at once.' }),
  breaker: z.union([z.string(), breaker]).optional().meta({ description: 'When the service gets a pause.' }),
  outliers: z
    .union([z.literal(true), outliers])
    .optional()
    .meta({ description: 'An instance that fails where its siblings do not gets nothing new for a while.' }),
  retry: z
    .strictObject({
      attempts: z.number().int().min(1).max(20),
      interval: duration
        .optional()
        .meta({ description: 'Before the second try; then longer, up to twice. See docs/decisions/0036-retries.md.' }),
      statuses: z
        .array(z.union([401, 403, 404, 408, 425, 500, 501, 502, 503, 504].map((one) => z.literal(one))))
        .optional(),
    })
    .optional()
    .meta({ description: 'For requests that may run twice, or that no instance took.' }),
  errorPages: oneOrMore(errorPages).optional().meta({ description: 'Pages of another service in place of errors.' }),
  maxBody: size.optional().meta({ description: '413 for a longer request body; bytes, or text such as 10MB.' }),
  timeout: z
    .strictObject({ answer: duration.optional(), silence: duration.optional() })
    .optional()
    .meta({ description: 'How long an answer may take to begin, and an open connection may be silent.' }),
  allow: z.array(line).nonempty().optional().meta({ description: 'Addresses and ranges; others get 403.' }),
  basicAuth: basicAuth.optional(),
  cors: cors.optional(),
  security: z
    .union([z.literal(true), security])
    .optional()
    .meta({ description: 'Security headers.' }),
  requestHeaders: z.record(headerName, line).optional().meta({ description: 'An empty text removes one.' }),
  responseHeaders: z.record(headerName, line).optional().meta({ description: 'On errors too.' }),
  redirect: oneOrMore(change.extend({ permanent: z.boolean().optional() }))
    .optional()
    .meta({ description: 'A pattern on the whole URL; `$1` in `to` is a group.' }),
  stripPrefix: oneOrMore(path).optional(),
  addPrefix: path.optional(),
  rewrite: oneOrMore(change).optional().meta({ description: 'A pattern on the path.' }),
  compress: z.boolean().optional().meta({ description: 'gzip for texts.' }),
  sticky: z
    .union([
      z.literal(true),
      z.strictObject({
        cookie: z.string().regex(/^[\w.-]+$/, { message: demands.cookie.en }),
        secure: z.boolean().optional(),
        sameSite: z.enum(['none', 'lax', 'strict']).optional(),
        maxAge: duration.optional(),
      }),
    ])
    .optional()
    .meta({ description: 'A client stays at its instance.' }),
  scheme: z.enum(['http', 'https']).optional().meta({ description: 'What the instances speak.', default: 'http' }),
};
