import { YamlProblem } from './problem.ts';
import { scanTokens } from './scanner.ts';
import type { YamlNode, YamlPair } from './syntax-tree.ts';
import type { Token } from './token.ts';

/**
 * Reads the documents of a YAML stream; an empty document is an empty scalar.
 *
 * @throws YamlProblem, TooDeep, TooManyValues
 */
export function parseStream(text: string): readonly YamlNode[] {
  return new Parser(scanTokens(text)).documents();
}

interface Properties {
  readonly at: number;
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
}

/** Where a node stands decides what it may be. */
type Place = 'block' | 'block-value' | 'flow';

type Kind = Token['kind'];

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  /** Handles of tags and what they stand for, by the directives of the document. */
  #handles = new Map<string, string>();

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  documents(): YamlNode[] {
    const documents: YamlNode[] = [];
    for (let isFirst = true; ; isFirst = false) {
      while (!isFirst && this.#is('document-end')) this.#skip();
      if (this.#is('stream-end')) return documents;
      documents.push(this.#document(isFirst));
      if (this.#is('document-end')) this.#skip();
    }
  }

  #document(mayStartBare: boolean): YamlNode {
    this.#handles = new Map([
      ['!', '!'],
      ['!!', 'tag:yaml.org,2002:'],
    ]);
    const hasDirectives = this.#is('version-directive', 'tag-directive');
    this.#directives();
    if (!this.#is('document-start')) {
      if (hasDirectives || !mayStartBare) throw new YamlProblem('document-start', this.#peek().at);
      return this.#node('block');
    }
    this.#skip();
    const isEmpty = this.#is('version-directive', 'tag-directive', 'document-start', 'document-end', 'stream-end');
    return isEmpty ? this.#emptyScalar() : this.#node('block');
  }

  #directives(): void {
    for (let versions = 0; ; this.#skip()) {
      const token = this.#peek();
      if (token.kind === 'tag-directive') this.#handles.set(token.handle, token.prefix);
      else if (token.kind !== 'version-directive') return;
      else if (++versions > 1) throw new YamlProblem('directive', token.at);
    }
  }

  #node(place: Place): YamlNode {
    const first = this.#peek();
    if (first.kind === 'alias') {
      this.#skip();
      return { kind: 'alias', at: first.at, name: first.name };
    }
    const { anchor, tag } = this.#properties();
    const token = this.#peek();
    const properties = { at: token.at, anchor, tag };
    if (token.kind === 'scalar') {
      this.#skip();
      return { kind: 'scalar', value: token.value, style: token.style, ...properties };
    }
    if (token.kind === '[') return { kind: 'list', ...properties, items: this.#flowItems() };
    if (token.kind === '{') return { kind: 'mapping', ...properties, pairs: this.#flowPairs() };
    if (place !== 'flow') {
      if (token.kind === 'sequence-start') return { kind: 'list', ...properties, items: this.#blockItems() };
      if (token.kind === 'mapping-start') return { kind: 'mapping', ...properties, pairs: this.#blockPairs() };
      if (token.kind === 'entry' && place === 'block-value') {
        return { kind: 'list', ...properties, items: this.#bareItems() };
      }
    }
    if (anchor === undefined && tag === undefined) throw this.#unexpected(token);
    return { kind: 'scalar', value: '', style: 'plain', anchor, tag, at: first.at };
  }

  /** An anchor and a tag, in any order, each at most once. */
  #properties(): Omit<Properties, 'at'> {
    let anchor: string | undefined;
    let tag: string | undefined;
    for (let part = 0; part < 2; part++) {
      const token = this.#peek();
      if (token.kind === 'anchor' && anchor === undefined) anchor = token.name;
      else if (token.kind === 'tag' && tag === undefined) tag = this.#fullTag(token);
      else break;
      this.#skip();
    }
    return { anchor, tag };
  }

  #fullTag(token: Extract<Token, { kind: 'tag' }>): string {
    if (token.handle === '') return token.suffix;
    const prefix = this.#handles.get(token.handle);
    if (prefix === undefined) throw new YamlProblem('tag-handle', token.at, token.handle);
    return prefix + token.suffix;
  }

  /** Items of a block sequence with an indentation of its own. */
  #blockItems(): YamlNode[] {
    this.#skip();
    const items: YamlNode[] = [];
    while (this.#is('entry')) {
      this.#skip();
      items.push(this.#is('entry', 'block-end') ? this.#emptyScalar() : this.#node('block'));
    }
    this.#expect('block-end', 'item-expected');
    return items;
  }

  /** Items of a sequence that stands in the column of the key it belongs to. */
  #bareItems(): YamlNode[] {
    const items: YamlNode[] = [];
    while (this.#is('entry')) {
      this.#skip();
      items.push(this.#is('entry', 'key', 'value', 'block-end') ? this.#emptyScalar() : this.#node('block'));
    }
    return items;
  }

  #blockPairs(): YamlPair[] {
    this.#skip();
    const pairs: YamlPair[] = [];
    while (this.#is('key')) {
      this.#skip();
      const key = this.#is('key', 'value', 'block-end') ? this.#emptyScalar() : this.#node('block-value');
      pairs.push({ key, value: this.#blockValue() });
    }
    this.#expect('block-end', 'key-expected');
    return pairs;
  }

  #blockValue(): YamlNode {
    if (!this.#is('value')) return this.#emptyScalar();
    this.#skip();
    return this.#is('key', 'value', 'block-end') ? this.#emptyScalar() : this.#node('block-value');
  }

  #flowItems(): YamlNode[] {
    const open = this.#skip();
    const items: YamlNode[] = [];
    while (!this.#is(']')) {
      this.#expectMore(open, 'open-bracket');
      if (items.length > 0) {
        this.#expectComma(open, 'open-bracket');
        if (this.#is(']')) break;
      }
      items.push(this.#is('key') ? this.#singlePair() : this.#node('flow'));
    }
    this.#skip();
    return items;
  }

  /** `[key: value]` is a mapping of one pair. */
  #singlePair(): YamlNode {
    const { at } = this.#skip();
    const key = this.#is('value', ',', ']') ? this.#emptyScalar() : this.#node('flow');
    return { kind: 'mapping', at, pairs: [{ key, value: this.#flowValue(']') }] };
  }

  #flowPairs(): YamlPair[] {
    const open = this.#skip();
    const pairs: YamlPair[] = [];
    while (!this.#is('}')) {
      this.#expectMore(open, 'open-brace');
      if (pairs.length > 0) {
        this.#expectComma(open, 'open-brace');
        if (this.#is('}')) break;
      }
      pairs.push(this.#flowPair());
    }
    this.#skip();
    return pairs;
  }

  #flowPair(): YamlPair {
    if (!this.#is('key')) return { key: this.#node('flow'), value: this.#emptyScalar() };
    this.#skip();
    const key = this.#is('value', ',', '}') ? this.#emptyScalar() : this.#node('flow');
    return { key, value: this.#flowValue('}') };
  }

  #flowValue(end: ']' | '}'): YamlNode {
    if (!this.#is('value')) return this.#emptyScalar();
    this.#skip();
    return this.#is(',', end) ? this.#emptyScalar() : this.#node('flow');
  }

  #emptyScalar(): YamlNode {
    // It stands behind the sign before it: what follows may be lines away.
    const before = this.#tokens[this.#next - 1];
    const at = before === undefined ? this.#peek().at : before.at + 1;
    return { kind: 'scalar', value: '', style: 'plain', at };
  }

  #expectComma(open: Token, problem: 'open-bracket' | 'open-brace'): void {
    if (!this.#is(',')) throw new YamlProblem(problem, this.#peek().at);
    this.#skip();
    this.#expectMore(open, problem);
  }

  /** Where the text ends, the place to look at is the bracket that opened. */
  #expectMore(open: Token, problem: 'open-bracket' | 'open-brace'): void {
    if (this.#is('stream-end')) throw new YamlProblem(problem, open.at);
  }

  #expect(kind: Kind, problem: 'item-expected' | 'key-expected'): void {
    if (!this.#is(kind)) throw new YamlProblem(problem, this.#peek().at);
    this.#skip();
  }

  #unexpected(token: Token): YamlProblem {
    return new YamlProblem('content-expected', token.at);
  }

  #is(...kinds: readonly Kind[]): boolean {
    return kinds.includes(this.#peek().kind);
  }

  #peek(): Token {
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1);
    if (token === undefined) throw new YamlProblem('content-expected', 0);
    return token;
  }

  #skip(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }
}
