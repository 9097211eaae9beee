import type { Location } from '#core/location.ts';
import { NginxSyntaxError, type Token, tokens } from './tokens.ts';

/** One directive, with what stands between its braces where it has a block. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block?: readonly Directive[];
  readonly at: Location;
}

/** Files that an `include` names; the pattern is as it is written. Empty when there is none. */
export type Include = (pattern: string) => readonly { readonly file: string; readonly text: string }[];

/** Files that include one another would never end. */
const deepest = 20;

/**
 * Reads an nginx file. An `include` whose files are found is replaced by their directives; one that leads nowhere
 * stays in the tree.
 *
 * @throws NginxSyntaxError
 */
export function parseNginx(text: string, file: string, include: Include): readonly Directive[] {
  return expanded(readAll(text, file), include, 0);
}

function readAll(text: string, file: string): readonly Directive[] {
  const all = [...tokens(text, file)];
  const reader = new Reader(all);
  const found = reader.directives('end');
  return found;
}

function expanded(tree: readonly Directive[], include: Include, depth: number): readonly Directive[] {
  return tree.flatMap((one) => {
    if (one.block !== undefined) return [{ ...one, block: expanded(one.block, include, depth) }];
    if (one.name !== 'include' || depth >= deepest) return [one];
    const files = include(one.args[0] ?? '');
    if (files.length === 0) return [one];
    return files.flatMap(({ file, text }) => expanded(readAll(text, file), include, depth + 1));
  });
}

class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(all: readonly Token[]) {
    this.#tokens = all;
  }

  directives(until: 'end' | 'brace'): Directive[] {
    const found: Directive[] = [];
    for (;;) {
      const token = this.#tokens[this.#next];
      if (token === undefined) {
        const last = this.#tokens.at(-1);
        if (until === 'end' || last === undefined) return found;
        throw new NginxSyntaxError('brace', last.at);
      }
      this.#next += 1;
      if (token.kind === 'word') found.push(this.#directive(token));
      else if (token.text === '}' && until === 'brace') return found;
      else throw new NginxSyntaxError('stray', token.at);
    }
  }

  #directive({ text: name, at }: Token): Directive {
    const args: string[] = [];
    for (;;) {
      const token = this.#tokens[this.#next++];
      if (token === undefined || (token.kind === 'sign' && token.text === '}')) {
        throw new NginxSyntaxError('semicolon', at);
      }
      if (token.kind === 'word') args.push(token.text);
      else if (token.text === ';') return { name, args, at };
      else return { name, args, block: this.directives('brace'), at };
    }
  }
}
