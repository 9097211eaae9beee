import type { Code, FactsOf } from '#core/messages/catalogue.ts';
import { type Entry, type Node, type Path, text, textOf } from '../tree/node.ts';
import type { Report } from '../tree/report.ts';
import type { Mark, SourceText } from '../tree/source.ts';
import { Anchors } from './anchors.ts';
import { limits } from './limits.ts';
import { mergeInto } from './merge-key.ts';
import type { ParsedDocument } from './parse.ts';
import { readPlainScalar } from './plain-scalar.ts';
import { TooDeep, TooManyValues } from './problem.ts';
import type { YamlAlias, YamlList, YamlMapping, YamlNode, YamlPair, YamlScalar } from './syntax-tree.ts';
import { isKnownTag, readTaggedScalar } from './tagged-scalar.ts';

/**
 * Turns one YAML document into nodes: aliases resolved, merge keys merged, plain scalars typed, tags `!reset` and
 * `!override` taken out and noted.
 *
 * @returns undefined when the document breaks a rule; the findings say which
 * @throws TooDeep, TooManyValues when aliases make it grow beyond the limits
 */
export function convertDocument(document: YamlNode, source: SourceText, report: Report): ParsedDocument | undefined {
  const conversion = new Conversion(source, report);
  const root = conversion.convert(document, 0);
  if (conversion.isBroken) return undefined;
  return { root, dropped: root === undefined ? [] : conversion.droppedIn(root) };
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
  readonly #anchors = new Anchors();
  /** Tagged paths inside a converted value, relative to it; only values that have some. */
  readonly #dropped = new Map<Node, readonly Path[]>();
  /** Where the conversion stands; copied only for a finding. */
  readonly #path: (string | number)[] = [];
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
  convert(yaml: YamlNode, depth: number): Node | undefined {
    this.#count(1, yaml);
    this.#reach(depth, yaml);
    if (yaml.kind === 'alias') return this.#alias(yaml, depth);
    if (yaml.anchor === undefined) return this.#value(yaml, depth);
    const opened = this.#anchors.begin(yaml.anchor);
    const [values, deepest] = [this.#values, this.#deepest];
    this.#deepest = depth;
    const value = this.#value(yaml, depth);
    const [size, height] = [this.#values - values, this.#deepest - depth];
    this.#anchors.finish(yaml.anchor, opened, { value, size, height });
    this.#deepest = Math.max(this.#deepest, deepest);
    return value;
  }

  #value(yaml: Exclude<YamlNode, YamlAlias>, depth: number): Node | undefined {
    const { tag } = yaml;
    const mark = this.#mark(yaml);
    if (tag !== undefined && !isKnownTag(tag)) {
      this.#report.warning('COMPOSE_YAML_TAG_UNKNOWN', { tag }, { mark, path: [...this.#path] });
    }
    const value = this.#untagged(yaml, mark, depth);
    if (tag === '!reset') return undefined;
    if (tag === '!override') this.#dropped.set(value, [[]]);
    return value;
  }

  #untagged(yaml: Exclude<YamlNode, YamlAlias>, mark: Mark, depth: number): Node {
    if (yaml.kind === 'mapping') return this.#mapping(yaml, mark, depth);
    if (yaml.kind === 'list') return this.#list(yaml, mark, depth);
    const value = this.#scalar(yaml, mark);
    if (value.kind === 'scalar' && value.type === 'float' && !Number.isFinite(value.value)) {
      this.#break('COMPOSE_NOT_FINITE', { path: this.#path.join('.'), value: yaml.value }, mark);
    }
    return value;
  }

  #scalar(yaml: YamlScalar, mark: Mark): Node {
    const { tag } = yaml;
    if (tag === undefined || tag === '!' || tag === '!reset' || tag === '!override') {
      return yaml.style === 'plain' ? readPlainScalar(yaml.value, mark) : text(yaml.value, mark);
    }
    const value = readTaggedScalar(yaml.value, tag, mark);
    if (value !== undefined) return value;
    this.#break('COMPOSE_YAML_TAG', { tag, value: yaml.value }, mark);
    return text(yaml.value, mark);
  }

  #alias(yaml: YamlAlias, depth: number): Node | undefined {
    const anchor = this.#anchors.find(yaml.name);
    if (anchor.kind === 'ready') {
      this.#count(anchor.size, yaml);
      this.#reach(depth + anchor.height, yaml);
      return anchor.value;
    }
    const code = anchor.kind === 'open' ? 'COMPOSE_YAML_ALIAS_CYCLE' : 'COMPOSE_YAML_ALIAS_UNKNOWN';
    this.#break(code, { name: yaml.name }, this.#mark(yaml));
    return undefined;
  }

  #list(yaml: YamlList, mark: Mark, depth: number): Node {
    const items: Node[] = [];
    yaml.items.forEach((item, index) => {
      const value = this.#below(index, item, depth + 1);
      if (value !== undefined) items.push(value);
    });
    return { kind: 'list', items, mark };
  }

  #mapping(yaml: YamlMapping, mark: Mark, depth: number): Node {
    const entries = new Map<string, Entry>();
    const merged: Node[] = [];
    const dropped: Path[] = [];
    const marks = new Map<string, Mark>();
    for (const pair of yaml.pairs) {
      const key = this.#key(pair);
      if (key === undefined || this.#isRepeated(key, marks)) continue;
      // What a merge key brings stands at the level of the mapping itself.
      const value = key.isMergeKey ? this.convert(pair.value, depth) : this.#below(key.name, pair.value, depth + 1);
      if (value === undefined) dropped.push([key.name]);
      else if (key.isMergeKey) merged.push(value);
      else {
        entries.set(key.name, { key: key.mark, value });
        for (const below of this.droppedIn(value)) dropped.push([key.name, ...below]);
      }
    }
    for (const value of merged) {
      if (!mergeInto(entries, value)) this.#break('COMPOSE_YAML_MERGE_KEY', {}, value.mark);
      dropped.push(...this.#droppedByMerge(value));
    }
    const node: Node = { kind: 'mapping', entries, mark };
    if (dropped.length > 0) this.#dropped.set(node, dropped);
    return node;
  }

  #below(step: string | number, yaml: YamlNode, depth: number): Node | undefined {
    this.#path.push(step);
    const value = this.convert(yaml, depth);
    this.#path.pop();
    return value;
  }

  /** Tagged paths that a merged mapping, or a list of them, brings along. */
  #droppedByMerge(value: Node): readonly Path[] {
    return value.kind === 'list' ? value.items.flatMap((item) => this.droppedIn(item)) : this.droppedIn(value);
  }

  #key(pair: YamlPair): Key | undefined {
    const mark = this.#mark(pair.key);
    if (isMergeKey(pair.key)) return { name: '<<', mark, isMergeKey: true };
    const read = this.convert(pair.key, 0);
    const name = textOf(read);
    if (name !== undefined) return { name, mark, isMergeKey: false };
    const key = read?.kind === 'scalar' ? String(read.value) : '{…}';
    this.#break('COMPOSE_YAML_KEY_NOT_TEXT', { where: keyPlace(this.#path), key }, mark);
    return undefined;
  }

  #isRepeated(key: Key, marks: Map<string, Mark>): boolean {
    const first = marks.get(key.name);
    marks.set(key.name, first ?? key.mark);
    if (first === undefined) return false;
    const { line } = first.source.position(first.offset);
    this.#break('COMPOSE_YAML_DUPLICATE_KEY', { key: key.name, line }, key.mark, key.name);
    return true;
  }

  #mark(yaml: YamlNode): Mark {
    return { source: this.#source, offset: yaml.at };
  }

  #reach(depth: number, yaml: YamlNode): void {
    this.#deepest = Math.max(this.#deepest, depth);
    if (depth > limits.depth) throw new TooDeep(yaml.at);
  }

  #count(values: number, yaml: YamlNode): void {
    this.#values += values;
    if (this.#values > limits.values) throw new TooManyValues(yaml.at);
  }

  #break<C extends Code>(code: C, facts: FactsOf<C>, mark: Mark, ...below: readonly string[]): void {
    this.isBroken = true;
    this.#report.error(code, facts, { mark, path: [...this.#path, ...below] });
  }
}

/** An unquoted `<<`, or one that is tagged as the merge key. */
function isMergeKey(key: YamlNode): boolean {
  if (key.kind !== 'scalar' || key.style !== 'plain' || key.value !== '<<') return false;
  return key.tag === undefined || key.tag === 'tag:yaml.org,2002:merge';
}

/** How a bad key's place reads: `services.web.ports[0]`. */
function keyPlace(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
