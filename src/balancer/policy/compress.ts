import { quote } from '../quote.ts';
import type { Pieces, RuleContext, RuleOf } from './pieces.ts';

/** Counts for the whole backend. */
export function compress({ types }: RuleOf<'compress'>, _context: RuleContext): Pieces {
  return {
    settings: {
      compress: ['filter compression', 'compression algo gzip', `compression type ${types.map(quote).join(' ')}`],
    },
  };
}
