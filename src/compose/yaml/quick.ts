import { Alias, type Node, Pair, type Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { limits } from './limits.ts';
import { Cursor } from './quick-cursor.ts';
import { anchored, GivesUp, placed, scalar } from './quick-nodes.ts';
import {
  aliasName,
  ampersand,
  anchorName,
  doubleQuote,
  doubleQuoted,
  flowKey,
  flowPlain,
  key,
  plain,
  rest,
  singleQuote,
  singleQuoted,
  space,
  unknown,
} from './quick-patterns.ts';

/**
 * Reads the YAML that most Compose files are made of, several times as fast as the package: block mappings and lists,
 * scalars and flow collections on one line, comments, anchors and aliases. It makes the package's own nodes, and gives
 * up at the first thing that it does not know, mistakes included: the package then reads the whole text.
 *
 * @returns the document's content; undefined when it gave up
 */
export function readQuickly(text: string): YAMLMap | undefined {
  if (unknown.test(text)) return undefined;
  try {
    return new Reader(text).document();
  } catch (error) {
    // A pattern on a line of megabytes may run out of its stack.
    if (error instanceof GivesUp || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What nobody nests deeper. */
const deepest = 40;

class Reader {
  readonly #cursor: Cursor;
  #values = 0;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  document(): YAMLMap {
    this.#cursor.nextLine();
    this.#require(this.#cursor.indent === 0);
    const root = this.#mapping(0, 0);
    this.#require(this.#cursor.indent === -1);
    return root;
  }

  #require(isSo: boolean): void {
    if (!isSo) throw new GivesUp();
  }

  /** What is too much is said where the package reads. */
  #count(depth: number): void {
    this.#values += 1;
    this.#require(this.#values <= limits.values && depth <= deepest);
  }

  #mapping(indent: number, depth: number): YAMLMap {
    const map = placed(new YAMLMap(), this.#cursor.at);
    do {
      const at = this.#cursor.at;
      const name = this.#keyOf(this.#cursor.take(key)[0], at);
      this.#cursor.at += 1;
      map.items.push(new Pair(name, this.#value(indent, depth, 'mapping')));
    } while (this.#cursor.indent === indent && !this.#cursor.isItem());
    this.#require(this.#cursor.indent <= indent);
    return map;
  }

  #list(indent: number, depth: number): YAMLSeq {
    const list = placed(new YAMLSeq(), this.#cursor.at);
    do {
      this.#cursor.at += 1;
      list.items.push(this.#value(indent, depth, 'list'));
    } while (this.#cursor.indent === indent && this.#cursor.isItem());
    this.#require(this.#cursor.indent <= indent);
    return list;
  }

  #keyOf(source: string, at: number): Scalar {
    const quote = source.charCodeAt(0);
    if (quote === doubleQuote || quote === singleQuote) {
      return scalar(source.slice(1, -1), at, quote === doubleQuote ? 'QUOTE_DOUBLE' : 'QUOTE_SINGLE');
    }
    return scalar(source, at, 'PLAIN');
  }

  /** What stands after a key's colon or an item's dash, on its line or below; `indent` is that of the key or the dash. */
  #value(indent: number, depth: number, parent: 'mapping' | 'list'): Node {
    this.#count(depth);
    this.#cursor.skipSpaces();
    const empty = this.#cursor.at;
    const anchor = this.#anchor();
    if (this.#cursor.look(rest) !== null) return this.#below({ indent, depth, parent, anchor, empty });
    if (parent === 'list' && anchor === undefined && this.#cursor.look(key) !== null) {
      const column = this.#cursor.at - this.#cursor.text.lastIndexOf('\n', this.#cursor.at) - 1;
      return this.#mapping(column, depth + 1);
    }
    const value = this.#inline(depth);
    this.#cursor.endOfLine();
    // A line further in would go on with the text.
    this.#require(this.#cursor.indent <= indent);
    return anchored(value, anchor);
  }

  #anchor(): string | undefined {
    if (this.#cursor.text.charCodeAt(this.#cursor.at) !== ampersand) return undefined;
    const name = this.#cursor.take(anchorName)[1];
    this.#cursor.skipSpaces();
    return name;
  }

  #below({ indent, depth, parent, anchor, empty }: Below): Node {
    this.#cursor.endOfLine();
    if (this.#cursor.indent > indent) {
      const value = this.#cursor.isItem()
        ? this.#list(this.#cursor.indent, depth + 1)
        : this.#mapping(this.#cursor.indent, depth + 1);
      return anchored(value, anchor);
    }
    if (parent === 'mapping' && this.#cursor.indent === indent && this.#cursor.isItem()) {
      return anchored(this.#list(indent, depth + 1), anchor);
    }
    this.#require(anchor === undefined);
    return scalar('', empty, 'PLAIN');
  }

  #inline(depth: number): Node {
    switch (this.#cursor.text[this.#cursor.at]) {
      case '[':
        return this.#flowList(depth + 1);
      case '{':
        return this.#flowMapping(depth + 1);
      default:
        return this.#scalar(plain);
    }
  }

  #scalar(pattern: RegExp): Node {
    const at = this.#cursor.at;
    switch (this.#cursor.text[at]) {
      case '*': {
        const alias = new Alias(this.#cursor.take(aliasName)[1] ?? '');
        alias.range = [at, at, at];
        return alias;
      }
      case '"':
        return scalar(this.#cursor.take(doubleQuoted)[1] ?? '', at, 'QUOTE_DOUBLE');
      case "'":
        return scalar((this.#cursor.take(singleQuoted)[1] ?? '').replaceAll("''", "'"), at, 'QUOTE_SINGLE');
      default: {
        const source = withoutSpaces(this.#cursor.take(pattern)[0]);
        this.#cursor.at = at + source.length;
        return scalar(source, at, 'PLAIN');
      }
    }
  }

  #flowList(depth: number): YAMLSeq {
    const list = placed(new YAMLSeq(), this.#cursor.at);
    list.flow = true;
    this.#parts(']', () => list.items.push(this.#flowValue(depth)));
    return list;
  }

  #flowMapping(depth: number): YAMLMap {
    const map = placed(new YAMLMap(), this.#cursor.at);
    map.flow = true;
    this.#parts('}', () => {
      const at = this.#cursor.at;
      const name = this.#keyOf(this.#cursor.take(flowKey)[0], at);
      this.#cursor.at += 2;
      this.#cursor.skipSpaces();
      map.items.push(new Pair(name, this.#flowValue(depth)));
    });
    return map;
  }

  /** The parts between commas, up to the closing bracket. */
  #parts(end: string, part: () => void): void {
    this.#cursor.at += 1;
    this.#cursor.skipSpaces();
    if (this.#cursor.text[this.#cursor.at] !== end) {
      for (;;) {
        part();
        this.#cursor.skipSpaces();
        if (this.#cursor.text[this.#cursor.at] !== ',') break;
        this.#cursor.at += 1;
        this.#cursor.skipSpaces();
      }
    }
    this.#require(this.#cursor.text[this.#cursor.at] === end);
    this.#cursor.at += 1;
  }

  #flowValue(depth: number): Node {
    this.#count(depth);
    const first = this.#cursor.text[this.#cursor.at];
    if (first === '[') return this.#flowList(depth + 1);
    if (first === '{') return this.#flowMapping(depth + 1);
    return this.#scalar(flowPlain);
  }
}

/** Without the spaces at its end, and those alone: other white space belongs to the text. */
function withoutSpaces(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === space) end--;
  return text.slice(0, end);
}

interface Below {
  readonly indent: number;
  readonly depth: number;
  readonly parent: 'mapping' | 'list';
  readonly anchor: string | undefined;
  /** Where a value that is not there would stand. */
  readonly empty: number;
}
