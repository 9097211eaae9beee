import type { Instead } from '#core/messages/policy-words.ts';
import { addPrefix } from './add-prefix.ts';
import { basicAuth } from './basic-auth.ts';
import { buffering } from './buffering.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import { compress } from './compress.ts';
import { contentType } from './content-type.ts';
import { errors } from './errors.ts';
import { headers } from './headers.ts';
import { inFlight } from './in-flight.ts';
import { ipAllowList } from './ip-allow-list.ts';
import type { Middleware } from './middleware.ts';
import { rateLimit } from './rate-limit.ts';
import { redirectRegex } from './redirect-regex.ts';
import { redirectScheme } from './redirect-scheme.ts';
import { replacePath } from './replace-path.ts';
import { replacePathRegex } from './replace-path-regex.ts';
import { retry } from './retry.ts';
import { stripPrefix } from './strip-prefix.ts';
import { stripPrefixRegex } from './strip-prefix-regex.ts';

const members: readonly Middleware[] = [
  addPrefix,
  basicAuth,
  buffering,
  circuitBreaker,
  compress,
  contentType,
  errors,
  headers,
  inFlight,
  ipAllowList,
  rateLimit,
  redirectRegex,
  redirectScheme,
  replacePath,
  replacePathRegex,
  retry,
  stripPrefix,
  stripPrefixRegex,
];

/** The middlewares that there are, by each word that a label may call them. */
export const family: ReadonlyMap<string, Middleware> = new Map(
  members.flatMap((one) => one.words.map((word) => [word, one] as const)),
);

/** Kinds of Traefik that cannot be honoured, and what to do instead. */
export const unsupportedKinds: ReadonlyMap<string, Instead> = new Map([
  ['digestauth', 'use basicauth over HTTPS'],
  ['forwardauth', 'ask the service that knows the users from inside'],
  ['grpcweb', 'the service must speak gRPC-Web itself'],
  ['passtlsclientcert', 'client certificates are not asked for'],
  ['plugin', "plugins are Traefik's own"],
]);
