import type { PolicyRule } from '#model/policy.ts';
import type { NamedServices } from '../named-services.ts';
import type { OptionReader } from './option-reader.ts';

/** One kind of middleware: how Traefik calls it, and what rules its labels mean. */
export interface Middleware {
  /** The word after the middleware's name in a label, in lower case; older spellings after it. */
  readonly words: readonly [word: string, ...older: string[]];
  /** The rules, in the order in which a request meets them. Wrong values are reported through `options`. */
  rules(options: OptionReader, services: NamedServices): readonly PolicyRule[];
}
