import type { ClientKey } from '#model/policy.ts';
import type { OptionReader } from './option-reader.ts';

/** `sourcecriterion`: which requests share an allowance. */
export function clientKey(options: OptionReader, otherwise: ClientKey): ClientKey {
  const depth = clientDepth(options, 'sourcecriterion.ipstrategy.');
  const header = options.text('sourcecriterion.requestheadername');
  const host = options.is('sourcecriterion.requesthost');
  if (header !== undefined) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(header)) options.refuse('sourcecriterion.requestheadername', 'a header name');
    return { kind: 'header', name: header.toLowerCase() };
  }
  if (host) return { kind: 'host' };
  if (depth !== undefined) return { kind: 'address', depth };
  return options.has('sourcecriterion.ipstrategy') ? { kind: 'address' } : otherwise;
}

/**
 * `ipstrategy`, whose addresses are believed only from proxies that are trusted as a whole. Traefik's `excludedips`
 * says per middleware which proxies to look behind; here that is one setting for all.
 *
 * @param prefix of the option's key, ending in a dot
 */
export function clientDepth(options: OptionReader, prefix: string): number | undefined {
  const depth = options.whole(`${prefix}depth`);
  options.unsupported(`${prefix}excludedips`, 'addresses of trusted proxies are skipped everywhere');
  options.unsupported(`${prefix}ipv6subnet`, 'IPv6 addresses are counted one by one');
  return depth === 0 ? undefined : depth;
}
