import type { Match } from '#model/route.ts';
import { matcher } from './matchers.ts';
import { type Token, tokens } from './rule-tokens.ts';

/**
 * Reads a Traefik rule, of version 2 or 3: matchers joined by `&&`, `||`, `!` and parentheses.
 * Grammar: https://doc.traefik.io/traefik/routing/routers/#rule
 *
 * @throws SyntaxError whose message says what was expected where
 */
export function parseRule(rule: string): Match {
  const reader = new Reader(tokens(rule));
  const match = reader.any();
  reader.end();
  return match;
}

/** Recursive descent; `&&` binds stronger than `||`. */
class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(all: readonly Token[]) {
    this.#tokens = all;
  }

  any(): Match {
    const of = [this.#all()];
    while (this.#take('||')) of.push(this.#all());
    return of.length === 1 ? (of[0] as Match) : { kind: 'any', of };
  }

  end(): void {
    const rest = this.#tokens[this.#next];
    if (rest !== undefined) throw new SyntaxError(`unexpected "${rest.text}" at character ${rest.at + 1}`);
  }

  #all(): Match {
    const of = [this.#one()];
    while (this.#take('&&')) of.push(this.#one());
    return of.length === 1 ? (of[0] as Match) : { kind: 'all', of };
  }

  #one(): Match {
    if (this.#take('!')) return { kind: 'not', of: this.#one() };
    if (this.#take('(')) {
      const inside = this.any();
      this.#expect(')');
      return inside;
    }
    const name = this.#tokens[this.#next++];
    if (name?.kind !== 'word')
      throw new SyntaxError(`expected a matcher, found ${name ? `"${name.text}"` : 'the end'}`);
    return matcher(name.text, this.#arguments());
  }

  #arguments(): string[] {
    this.#expect('(');
    const found: string[] = [];
    while (!this.#take(')')) {
      if (found.length > 0) this.#expect(',');
      const token = this.#tokens[this.#next++];
      if (token?.kind !== 'text') throw new SyntaxError('expected a value between backticks or double quotes');
      found.push(token.text);
    }
    return found;
  }

  #take(sign: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#next++;
    return true;
  }

  #expect(sign: string): void {
    if (this.#take(sign)) return;
    const found = this.#tokens[this.#next];
    throw new SyntaxError(`expected "${sign}", found ${found ? `"${found.text}"` : 'the end'}`);
  }
}
