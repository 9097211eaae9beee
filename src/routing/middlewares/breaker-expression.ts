import { nearest } from '#core/nearest.ts';
import type { BreakerExpression, Comparison, Measure } from '#model/policy.ts';

/** An expression that cannot be read, and where: columns start at 1. */
export class ExpressionError extends SyntaxError {
  readonly column: number;

  constructor(reason: string, column: number) {
    super(reason);
    this.column = column;
  }
}

interface Token {
  readonly kind: 'name' | 'number' | 'sign' | 'end';
  readonly text: string;
  readonly column: number;
}

const piece = /\s*(?:([A-Za-z_]\w*)|(\d+(?:\.\d*)?|\.\d+)|(&&|\|\||[<>=!]=|[<>!(),]))/y;

/**
 * Reads when a circuit breaker opens: `ResponseCodeRatio(500, 600, 0, 600) > 0.25 || NetworkErrorRatio() > 0.5`, the
 * language of https://doc.traefik.io/traefik/middlewares/http/circuitbreaker/ . Names may be written in any case.
 *
 * @throws ExpressionError
 */
export function parseBreakerExpression(text: string): BreakerExpression {
  return new Reader(tokensOf(text)).read();
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    piece.lastIndex = at;
    const found = piece.exec(text);
    const start = at + (text.slice(at).length - text.slice(at).trimStart().length) + 1;
    if (found === null) throw new ExpressionError(`unexpected "${text.slice(start - 1)[0]}"`, start);
    const [, name, number, sign] = found;
    const kind = name !== undefined ? 'name' : number !== undefined ? 'number' : 'sign';
    tokens.push({ kind, text: name ?? number ?? sign ?? '', column: start });
    at = piece.lastIndex;
  }
  return [...tokens, { kind: 'end', text: 'the end', column: text.length + 1 }];
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): BreakerExpression {
    const expression = this.#any();
    if (this.#now.kind !== 'end') this.#fail(`unexpected "${this.#now.text}"`);
    return expression;
  }

  #any(): BreakerExpression {
    const of = [this.#all()];
    while (this.#take('||')) of.push(this.#all());
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'any', of };
  }

  #all(): BreakerExpression {
    const of = [this.#one()];
    while (this.#take('&&')) of.push(this.#one());
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'all', of };
  }

  #one(): BreakerExpression {
    if (this.#take('!')) return { kind: 'not', of: this.#one() };
    if (this.#take('(')) {
      const inner = this.#any();
      this.#expect(')');
      return inner;
    }
    return this.#comparison();
  }

  #comparison(): BreakerExpression {
    const measure = this.#measure();
    const sign = this.#now;
    if (!isComparison(sign.text)) this.#fail(`expected a comparison such as > before "${sign.text}"`);
    this.#at++;
    return { kind: 'compare', measure, than: sign.text as Comparison, value: this.#number() };
  }

  #measure(): Measure {
    const name = this.#now;
    const make = measures[name.text.toLowerCase()];
    if (name.kind !== 'name' || make === undefined) {
      const close = nearest(name.text, measureNames);
      return this.#fail(`unknown measure ${name.text}${close ? `; did you mean ${close}?` : ''}`);
    }
    this.#at++;
    this.#expect('(');
    const values: number[] = [];
    while (this.#now.text !== ')') {
      if (values.length > 0) this.#expect(',');
      values.push(this.#number());
    }
    this.#expect(')');
    const measure = make(values);
    if (typeof measure === 'string') throw new ExpressionError(`${name.text} ${measure}`, name.column);
    return measure;
  }

  #number(): number {
    const token = this.#now;
    if (token.kind !== 'number') this.#fail(`expected a number, found "${token.text}"`);
    this.#at++;
    return Number(token.text);
  }

  get #now(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token;
  }

  #take(sign: string): boolean {
    const is = this.#now.kind === 'sign' && this.#now.text === sign;
    if (is) this.#at++;
    return is;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) this.#fail(`expected "${sign}", found "${this.#now.text}"`);
  }

  #fail(reason: string): never {
    throw new ExpressionError(reason, this.#now.column);
  }
}

function isComparison(text: string): text is Comparison {
  return ['>', '>=', '<', '<=', '==', '!='].includes(text);
}

const measureNames = ['ResponseCodeRatio', 'NetworkErrorRatio', 'LatencyAtQuantileMS'];

/** Makes a measure from its arguments, or says what is wrong with them. */
const measures: Readonly<Record<string, (values: readonly number[]) => Measure | string>> = {
  responsecoderatio: (values) => {
    const [from = 0, to = 0, ofFrom = 0, ofTo = 0] = values;
    if (values.length !== 4) return 'needs four status codes: from, to, divided by from, to';
    if (from >= to || ofFrom >= ofTo) return 'needs ranges that are not empty';
    return { kind: 'response-code-ratio', from, to, ofFrom, ofTo };
  },
  networkerrorratio: (values) => (values.length === 0 ? { kind: 'network-error-ratio' } : 'takes no arguments'),
  latencyatquantilems: ([quantile, ...more]) =>
    quantile !== undefined && more.length === 0 && quantile > 0 && quantile <= 100
      ? { kind: 'latency-at-quantile', quantile }
      : 'needs a quantile over 0, up to 100',
};
