import { isHeaderName } from '#core/header-name.ts';
import type { ClientKey } from '#model/policy.ts';
import type { OptionReader } from './option-reader.ts';

/** `sourcecriterion`: which requests share an allowance. */
export function clientKey(options: OptionReader, otherwise: ClientKey): ClientKey {
  const depth = clientDepth(options, 'sourcecriterion.ipstrategy.');
  const isAddress = options.hasBelow('sourcecriterion.ipstrategy');
  const header = options.text('sourcecriterion.requestheadername');
  const host = options.is('sourcecriterion.requesthost');
  // As in Traefik; whichever was taken would count other requests together than somebody thought.
  if (header !== undefined && (host || isAddress))
    options.refuse('sourcecriterion.requestheadername', 'the only criterion');
  else if (host && isAddress) options.refuse('sourcecriterion.requesthost', 'the only criterion');
  if (header !== undefined) {
    if (!isHeaderName(header)) options.refuse('sourcecriterion.requestheadername', 'a header name');
    return { kind: 'header', name: header.toLowerCase() };
  }
  if (host) return { kind: 'host' };
  if (depth !== undefined) return { kind: 'address', depth };
  return isAddress ? { kind: 'address' } : otherwise;
}

/**
 * `ipstrategy`, whose addresses are believed only from proxies that are trusted as a whole. Traefik's `excludedips`
 * says per middleware which proxies to look behind; here that is one setting for all.
 *
 * @param prefix of the option's key, ending in a dot
 */
export function clientDepth(options: OptionReader, prefix: string): number | undefined {
  options.harmless(prefix.slice(0, -1));
  const depth = options.whole(`${prefix}depth`);
  options.unsupported(`${prefix}excludedips`, 'addresses of trusted proxies are skipped everywhere');
  options.unsupported(`${prefix}ipv6subnet`, 'IPv6 addresses are counted one by one');
  return depth === 0 ? undefined : depth;
}
