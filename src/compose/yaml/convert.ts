import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
  type Node as YamlNode,
} from 'yaml';
import type { Code, FactsOf } from '#core/messages/catalogue.ts';
import type { Entry, Node, Path } from '../tree/node.ts';
import { nothing, text, textOf } from '../tree/node.ts';
import type { Report } from '../tree/report.ts';
import type { Mark, SourceText } from '../tree/source.ts';
import { limits } from './limits.ts';
import { mergeInto } from './merge-key.ts';
import type { ParsedDocument } from './parse.ts';
import { readPlainScalar } from './plain-scalar.ts';
import { isKnownTag, readTaggedScalar } from './tagged-scalar.ts';

/**
 * Turns one parsed YAML document into nodes: aliases resolved, merge keys merged, plain scalars typed, tags `!reset`
 * and `!override` taken out and noted.
 *
 * @returns undefined when the document breaks a rule; the findings say which
 */
export function convertDocument(
  document: Document.Parsed,
  source: SourceText,
  report: Report,
): ParsedDocument | undefined {
  const conversion = new Conversion(source, report);
  try {
    const root = document.contents === null ? undefined : conversion.convert(document.contents, [], 0);
    if (conversion.isBroken) return undefined;
    return { root, dropped: root === undefined ? [] : conversion.droppedIn(root) };
  } catch (error) {
    if (error instanceof Abandoned) return undefined;
    throw error;
  }
}

/** Stops the conversion of a document whose limits are exceeded; the finding was made before it is thrown. */
class Abandoned extends Error {}

interface Anchor {
  /** Undefined while the anchored value itself is being converted. */
  readonly value: Node | undefined;
  readonly isReset: boolean;
  /** Values that the anchored one holds, itself included. */
  readonly size: number;
  /** Levels of nesting below it. */
  readonly height: number;
}

interface Key {
  readonly name: string;
  readonly mark: Mark;
  readonly isMergeKey: boolean;
}

const noPaths: readonly Path[] = [];

class Conversion {
  readonly #source: SourceText;
  readonly #report: Report;
  readonly #anchors = new Map<string, Anchor>();
  /** Tagged paths inside a converted value, relative to it; only values that have some. */
  readonly #dropped = new Map<Node, readonly Path[]>();
  #values = 0;
  #deepest = 0;
  isBroken = false;

  constructor(source: SourceText, report: Report) {
    this.#source = source;
    this.#report = report;
  }

  droppedIn(node: Node): readonly Path[] {
    return this.#dropped.get(node) ?? noPaths;
  }

  /** The node of a YAML value; undefined when it is tagged `!reset`. */
  convert(yaml: YamlNode, path: Path, depth: number): Node | undefined {
    this.#count(1, yaml);
    this.#reach(depth, yaml);
    if (isAlias(yaml)) return this.#alias(yaml.source, yaml, path, depth);
    const anchor = (yaml as { anchor?: string }).anchor;
    if (anchor === undefined) return this.#value(yaml, path, depth);
    this.#anchors.set(anchor, { value: undefined, isReset: false, size: 0, height: 0 });
    const { values, deepest } = { values: this.#values, deepest: this.#deepest };
    this.#deepest = depth;
    const value = this.#value(yaml, path, depth);
    const [size, height] = [this.#values - values, this.#deepest - depth];
    this.#anchors.set(anchor, { value, isReset: value === undefined, size, height });
    this.#deepest = Math.max(this.#deepest, deepest);
    return value;
  }

  #value(yaml: YamlNode, path: Path, depth: number): Node | undefined {
    const tag = (yaml as { tag?: string }).tag;
    if (tag !== undefined && !isKnownTag(tag)) {
      this.#report.warning('COMPOSE_YAML_TAG_UNKNOWN', { tag }, { mark: this.#mark(yaml), path });
    }
    const value = this.#untagged(yaml, tag, path, depth);
    if (tag === '!reset') return undefined;
    if (tag === '!override') this.#dropped.set(value, [[]]);
    return value;
  }

  #untagged(yaml: YamlNode, tag: string | undefined, path: Path, depth: number): Node {
    const mark = this.#mark(yaml);
    if (isMap(yaml)) return this.#mapping(yaml, mark, path, depth);
    if (isSeq(yaml)) return this.#list(yaml, mark, path, depth);
    if (!isScalar(yaml)) return nothing(mark);
    const source = typeof yaml.value === 'string' ? yaml.value : '';
    if (tag !== undefined && tag !== '!reset' && tag !== '!override') return this.#tagged(source, tag, mark, path);
    const isPlain = yaml.type === 'PLAIN' || yaml.type === undefined || yaml.type === null;
    const value = isPlain ? readPlainScalar(source, mark) : text(source, mark);
    if (value.type === 'float' && !Number.isFinite(value.value)) {
      this.#break('COMPOSE_NOT_FINITE', { path: path.join('.'), value: source }, mark, path);
    }
    return value;
  }

  #tagged(source: string, tag: string, mark: Mark, path: Path): Node {
    const value = readTaggedScalar(source, tag, mark);
    if (value !== undefined) return value;
    this.#break('COMPOSE_YAML_TAG', { tag, value: source }, mark, path);
    return text(source, mark);
  }

  #alias(name: string, yaml: YamlNode, path: Path, depth: number): Node | undefined {
    const anchor = this.#anchors.get(name);
    if (anchor === undefined) {
      this.#break('COMPOSE_YAML_ALIAS_UNKNOWN', { name }, this.#mark(yaml), path);
      return nothing(this.#mark(yaml));
    }
    if (anchor.isReset) return undefined;
    if (anchor.value === undefined) {
      this.#break('COMPOSE_YAML_ALIAS_CYCLE', { name }, this.#mark(yaml), path);
      return nothing(this.#mark(yaml));
    }
    this.#count(anchor.size, yaml);
    this.#reach(depth + anchor.height, yaml);
    return anchor.value;
  }

  #list(yaml: YAMLSeq, mark: Mark, path: Path, depth: number): Node {
    const items: Node[] = [];
    yaml.items.forEach((item, index) => {
      const value = item === null ? nothing(mark) : this.convert(asValue(item), [...path, index], depth + 1);
      if (value !== undefined) items.push(value);
    });
    return { kind: 'list', items, mark };
  }

  #mapping(yaml: YAMLMap, mark: Mark, path: Path, depth: number): Node {
    const entries = new Map<string, Entry>();
    const merged: Node[] = [];
    const dropped: Path[] = [];
    const keys = new Map<string, Mark>();
    for (const pair of yaml.items) {
      const key = this.#key(pair, mark, path);
      if (key === undefined || this.#isRepeated(key, keys, path)) continue;
      const inner = key.isMergeKey ? path : [...path, key.name];
      const value = pair.value === null ? nothing(key.mark) : this.convert(asValue(pair.value), inner, depth + 1);
      if (value === undefined) dropped.push([key.name]);
      else if (key.isMergeKey) merged.push(value);
      else {
        entries.set(key.name, { key: key.mark, value });
        for (const below of this.droppedIn(value)) dropped.push([key.name, ...below]);
      }
    }
    for (const value of merged) {
      if (!mergeInto(entries, value)) this.#break('COMPOSE_YAML_MERGE_KEY', {}, value.mark, path);
      dropped.push(...this.#droppedByMerge(value));
    }
    const node: Node = { kind: 'mapping', entries, mark };
    if (dropped.length > 0) this.#dropped.set(node, dropped);
    return node;
  }

  /** Tagged paths that a merged mapping, or a list of them, brings along. */
  #droppedByMerge(value: Node): readonly Path[] {
    return value.kind === 'list' ? value.items.flatMap((item) => this.droppedIn(item)) : this.droppedIn(value);
  }

  #key(pair: Pair, parent: Mark, path: Path): Key | undefined {
    const yaml = pair.key === null ? undefined : asValue(pair.key);
    const mark = yaml === undefined ? parent : this.#mark(yaml);
    const isMergeKey = isScalar(yaml) && yaml.type === 'PLAIN' && yaml.source === '<<' && isUntagged(yaml.tag);
    if (isMergeKey) return { name: '<<', mark, isMergeKey };
    const read = yaml === undefined ? undefined : this.convert(yaml, path, 0);
    const name = textOf(read);
    if (name !== undefined) return { name, mark, isMergeKey };
    const key = read?.kind === 'scalar' ? String(read.value) : '{…}';
    this.#break('COMPOSE_YAML_KEY_NOT_TEXT', { where: keyPlace(path), key }, mark, path);
    return undefined;
  }

  #isRepeated(key: Key, keys: Map<string, Mark>, path: Path): boolean {
    const first = keys.get(key.name);
    keys.set(key.name, first ?? key.mark);
    if (first === undefined) return false;
    const line = first.source.position(first.offset).line;
    this.#break('COMPOSE_YAML_DUPLICATE_KEY', { key: key.name, line }, key.mark, [...path, key.name]);
    return true;
  }

  #mark(yaml: YamlNode): Mark {
    return { source: this.#source, offset: yaml.range?.[0] ?? 0 };
  }

  #reach(depth: number, yaml: YamlNode): void {
    this.#deepest = Math.max(this.#deepest, depth);
    if (depth > limits.depth) this.#abandon('COMPOSE_YAML_TOO_DEEP', { limit: limits.depth }, yaml);
  }

  #count(values: number, yaml: YamlNode): void {
    this.#values += values;
    if (this.#values > limits.values) this.#abandon('COMPOSE_YAML_TOO_MANY_VALUES', { limit: limits.values }, yaml);
  }

  #break<C extends Code>(code: C, facts: FactsOf<C>, mark: Mark, path: Path): void {
    this.isBroken = true;
    this.#report.error(code, facts, { mark, path });
  }

  #abandon(
    code: 'COMPOSE_YAML_TOO_DEEP' | 'COMPOSE_YAML_TOO_MANY_VALUES',
    facts: { limit: number },
    yaml: YamlNode,
  ): never {
    this.#report.error(code, facts, { mark: this.#mark(yaml), path: [] });
    throw new Abandoned();
  }
}

/** Plain, or tagged as the merge key that it is. */
function isUntagged(tag: string | undefined): boolean {
  return tag === undefined || tag === 'tag:yaml.org,2002:merge';
}

function asValue(value: unknown): YamlNode {
  return value as YamlNode;
}

/** How a bad key's place reads: `in services.web.ports[0]`. */
function keyPlace(path: Path): string {
  if (path.length === 0) return '';
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
