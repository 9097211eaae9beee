import type { Finding } from '#core/finding.ts';
import type { RoutePolicy, StickyCookie } from '#model/policy.ts';
import type { Locate } from '#world/runtime.ts';
import type { TraefikObject } from '../traefik-labels.ts';
import { OptionReader } from './option-reader.ts';

/** What the load balancer of a Traefik service says beyond its port: sticky sessions and the instances' scheme. */
export function serviceOptions(
  service: TraefikObject | undefined,
  locate: Locate,
): { readonly policy: Pick<RoutePolicy, 'sticky' | 'scheme'>; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  if (service === undefined) return { policy: {}, findings };
  const options = new OptionReader({ object: service, under: 'loadbalancer', locate, findings });
  const sticky = stickyOf(options, service.name);
  const scheme = options.text('server.scheme')?.toLowerCase();
  if (scheme === 'h2c') options.unsupported('server.scheme', 'the proxy speaks HTTP/1.1 to instances');
  else if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    options.refuse('server.scheme', 'http or https');
  options.whole('server.weight', 1);
  inspectStrategy(options);
  return {
    policy: { ...(sticky === undefined ? {} : { sticky }), ...(scheme === 'https' ? { scheme } : {}) },
    findings,
  };
}

/** What `traefikBalance` reads. */
function inspectStrategy(options: OptionReader): void {
  const strategy = options.text('strategy')?.trim().toLowerCase();
  if (strategy === 'hrw') options.unsupported('strategy', 'sticky.cookie keeps a client at its instance');
  else if (strategy !== undefined && !['wrr', 'p2c', 'leasttime'].includes(strategy))
    options.refuse('strategy', 'wrr, p2c or leasttime');
}

/** https://doc.traefik.io/traefik/routing/services/#sticky-sessions ; without a name the cookie gets one of ours. */
function stickyOf(options: OptionReader, service: string): StickyCookie | undefined {
  const isOff = (key: string) => options.has(key) && !options.isThere(key);
  if (!options.hasBelow('sticky') || isOff('sticky') || isOff('sticky.cookie')) return undefined;
  const wanted = options.text('sticky.cookie.name') ?? `_${service.replaceAll(/[^\w]/g, '')}`;
  const name = /^[\w.-]+$/.test(wanted) ? wanted : options.refuse('sticky.cookie.name', 'letters, digits, _ and -');
  if (name === undefined) return undefined;
  const sameSite = options.text('sticky.cookie.samesite')?.toLowerCase();
  const maxAgeSeconds = options.whole('sticky.cookie.maxage');
  if ((options.text('sticky.cookie.path') ?? '/') !== '/')
    options.unsupported('sticky.cookie.path', 'it is for all paths');
  options.unsupported('sticky.cookie.domain', 'the cookie is for the host that set it');
  if (sameSite !== undefined && !isSameSite(sameSite)) options.refuse('sticky.cookie.samesite', 'none, lax or strict');
  return {
    ...{ name, secure: options.is('sticky.cookie.secure'), httpOnly: options.is('sticky.cookie.httponly') },
    ...(sameSite !== undefined && isSameSite(sameSite) ? { sameSite } : {}),
    ...(maxAgeSeconds === undefined || maxAgeSeconds === 0 ? {} : { maxAgeSeconds }),
  };
}

function isSameSite(text: string): text is 'none' | 'lax' | 'strict' {
  return ['none', 'lax', 'strict'].includes(text);
}
