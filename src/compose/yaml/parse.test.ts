import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, Scalar } from '../tree/node.ts';
import { toPlain } from '../tree/plain.ts';
import { Report } from '../tree/report.ts';
import { SourceText } from '../tree/source.ts';
import { limits } from './limits.ts';
import { type ParsedDocument, parseYaml } from './parse.ts';

const accepted: readonly [what: string, text: string, value: unknown][] = [
  ['a mapping', 'a: 1\nb: two words\n', { a: 1, b: 'two words' }],
  ['a list in the column of its key', 'a:\n- 1\n- x\nb: 2', { a: [1, 'x'], b: 2 }],
  ['an indented list', 'a:\n  - - 1\n    - 2\n  - k: v\n    w: x', { a: [[1, 2], { k: 'v', w: 'x' }] }],
  ['flow collections', 'a: {b: [1, two , ], "c":3, d, e: }', { a: { b: [1, 'two'], c: 3, d: null, e: null } }],
  ['flow over lines, its end in the column of its key', 'x:\n  a: [\n    1,\n    2\n  ]', { x: { a: [1, 2] } }],
  ['a pair in a flow list', '[a: 1, b]', [{ a: 1 }, 'b']],
  ['a plain text over lines', 'a: one\n  two\n\n  three # no\nb: x#y', { a: 'one two\nthree', b: 'x#y' }],
  ['colons in a plain text', 'a: http://h:80/p?q=1\nb: 12:30', { a: 'http://h:80/p?q=1', b: '12:30' }],
  ['single quotes', "a: 'it''s\n\n  here'", { a: "it's\nhere" }],
  ['double quotes', '"a": "x\\n\\u00e9\\x41\\\n   y\\tz"', { a: 'x\néAy\tz' }],
  ['a literal', 'a: |\n  x\n   y\n\n  z\nb: 1', { a: 'x\n y\n\nz\n', b: 1 }],
  ['a literal, stripped and kept', 'a: |-\n  x\n\nb: |+\n  y\n\n', { a: 'x', b: 'y\n\n' }],
  ['a folded text', 'a: >\n  x\n  y\n\n  z\n    in\n  w\n', { a: 'x y\nz\n  in\nw\n' }],
  ['a literal with an indentation given', 'a: |2\n    x\n  y\n', { a: '  x\ny\n' }],
  ['a literal that begins with an empty line', 'a: |\n\n    x\n', { a: '\nx\n' }],
  ['explicit keys', '? a\n: 1\n? b\n', { a: 1, b: null }],
  [
    'an anchor and its aliases',
    'a: &x {k: 1}\nb: *x\nc: [*x, *x]',
    { a: { k: 1 }, b: { k: 1 }, c: [{ k: 1 }, { k: 1 }] },
  ],
  ['an anchor used twice', 'a: &x 1\nb: *x\nc: &x 2\nd: *x', { a: 1, b: 1, c: 2, d: 2 }],
  [
    'merge keys: own first, earlier first',
    'a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc:\n  <<: [*a, *b]\n  y: 3',
    {
      a: { x: 1, y: 1 },
      b: { x: 2, z: 2 },
      c: { y: 3, x: 1, z: 2 },
    },
  ],
  ['a quoted << is a key', '"<<": 1', { '<<': 1 }],
  ['tags of YAML', 'a: !!str 12\nb: !!int "7"\nc: !!binary aGk=', { a: '12', b: 7, c: 'hi' }],
  ['Windows line ends', 'a: 1\r\nb: "x\r\n  y"\r\n', { a: 1, b: 'x y' }],
  ['comments', '# one\na: 1 # two\n  # three\nb: 2\n', { a: 1, b: 2 }],
  ['words of older YAML stay text', 'a: [yes, no, on, off, y]', { a: ['yes', 'no', 'on', 'off', 'y'] }],
  ['__proto__ is a key like any other', '__proto__: {a: 1}', JSON.parse('{"__proto__": {"a": 1}}')],
];

for (const [what, text, value] of accepted) {
  test(`reads ${what}`, () => {
    const { documents, problems } = parse(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(toPlain(documents[0]?.root as Node), value);
  });
}

const refused: readonly [what: string, text: string, finding: string][] = [
  ['a tab that indents', 'a:\n\tb: 1', '2:1 TAB_AS_INDENT'],
  ['a second colon', 'a: b: c', '1:4 BLOCK_AS_IMPLICIT_KEY'],
  ['a line without a colon', 'a: 1\nb\nc: 2', '2:1 MISSING_CHAR'],
  ['an indentation that fits no block', 'a:\n    b: 1\n  c: 2', '3:1 BAD_INDENT'],
  ['something after a quoted text', 'a: "x" y', '1:8 UNEXPECTED_TOKEN'],
  ['a quote that is never closed', 'a:\n  b: "x\n', '3:1 MISSING_CHAR'],
  ['a bracket that is never closed', 'a: [1,\n 2', '2:3 BAD_INDENT'],
  ['a brace that is never closed', 'a: {b: 1', '1:9 BAD_INDENT'],
  ['a character that begins no value', 'a: @x', '1:4 BAD_SCALAR_START'],
  ['an unknown escape', 'a: "\\q"', '1:5 BAD_DQ_ESCAPE'],
  ['text after a block sign', 'a: | x', '1:6 UNEXPECTED_TOKEN'],
  ['an alias without a name', 'a: * x', '1:4 BAD_ALIAS'],
  ['a list item on the line of its key', 'a: - 1', '1:4 UNEXPECTED_TOKEN'],
  ['a control character', 'a: "\u0007"', '1:5 FORBIDDEN_CHARACTER'],
  ['a key twice', 'a: 1\nb: 2\na: 3', '3:1 COMPOSE_YAML_DUPLICATE_KEY'],
  ['two merge keys', 'x: &x {a: 1}\ny:\n  <<: *x\n  <<: *x', '4:3 COMPOSE_YAML_DUPLICATE_KEY'],
  ['a number for a key', 'a:\n  - 1: x', '2:5 COMPOSE_YAML_KEY_NOT_TEXT'],
  ['an alias that nothing defines', 'a: *x', '1:4 COMPOSE_YAML_ALIAS_UNKNOWN'],
  ['an alias inside its own value', 'a: &x\n  b: *x', '2:6 COMPOSE_YAML_ALIAS_CYCLE'],
  ['a merge of a text', 'a: &x text\nb: {<<: *x}', '1:7 COMPOSE_YAML_MERGE_KEY'],
  ['a number that is none', 'a: !!int x', '1:10 COMPOSE_YAML_TAG'],
  ['infinity', 'a: .inf', '1:4 COMPOSE_NOT_FINITE'],
];

for (const [what, text, finding] of refused) {
  test(`refuses ${what}, at its place`, () => {
    const { documents, problems } = parse(text);
    assert.deepEqual(problems, [finding]);
    assert.deepEqual(documents, []);
  });
}

const hostile: readonly [what: string, text: string, finding: string][] = [
  ['aliases of aliases', laughs(), 'COMPOSE_YAML_TOO_MANY_VALUES'],
  ['brackets without end', `a: ${'['.repeat(1_000_000)}`, 'COMPOSE_YAML_TOO_DEEP'],
  [
    'nested blocks',
    Array.from({ length: 2000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n'),
    'COMPOSE_YAML_TOO_DEEP',
  ],
  ['nested items', `${'- '.repeat(100_000)}x`, 'COMPOSE_YAML_TOO_DEEP'],
  ['aliases that nest', chain(), 'COMPOSE_YAML_TOO_DEEP'],
  ['a million values', `a: [${'1,'.repeat(1_000_000)}]`, 'COMPOSE_YAML_TOO_MANY_VALUES'],
];

for (const [what, text, finding] of hostile) {
  test(`bounds ${what}`, { timeout: 20_000 }, () => {
    assert.match(parse(text).problems.join(), new RegExp(finding));
  });
}

test('a tag removes what earlier documents said, or the value itself', () => {
  const { documents } = parse(
    'a: !reset x\nb: !override [1]\nc:\n  d: !reset\n  e: [1, !reset 2]\nx: &x {y: !reset 0}\nz: {<<: *x}',
  );
  assert.deepEqual(documents[0]?.dropped, [['a'], ['b'], ['c', 'd'], ['x', 'y'], ['z', 'y']]);
  assert.deepEqual(toPlain(documents[0]?.root as Node), { b: [1], c: { e: [1] }, x: {}, z: {} });
});

test('a tag that nobody knows is warned of', () => {
  assert.deepEqual(parse('a: !mine x').problems, ['1:10 COMPOSE_YAML_TAG_UNKNOWN']);
});

test('a stream of several documents', () => {
  const { documents } = parse('%YAML 1.2\n--- \na: 1\n---\n# nothing\n---\nb\n...\n');
  assert.deepEqual(
    documents.map(({ root }) => (root === undefined ? undefined : toPlain(root))),
    [{ a: 1 }, null, 'b'],
  );
});

test('every value knows where it was written, also behind an alias', () => {
  const { documents } = parse('base: &b\n  - x\ncopy: *b\nquoted: "y"\n');
  const root = documents[0]?.root;
  assert.ok(root?.kind === 'mapping');
  const copy = root.entries.get('copy');
  assert.ok(copy?.value.kind === 'list');
  assert.deepEqual(place(copy.key), '3:1');
  assert.deepEqual(place((copy.value.items[0] as Scalar).mark), '2:5');
  assert.deepEqual(place(root.entries.get('quoted')?.value.mark), '4:9');
});

function parse(text: string): { readonly documents: readonly ParsedDocument[]; readonly problems: readonly string[] } {
  const report = new Report();
  const documents = parseYaml(new SourceText('compose.yaml', text), report);
  const problems = report.findings().map(({ said, at }) => {
    const { problem } = said.facts as { readonly problem?: string };
    return `${at?.line}:${at?.column} ${problem ?? said.code}`;
  });
  return { documents, problems };
}

function place(mark: Scalar['mark'] | undefined): string {
  const { line, column } = mark?.source.position(mark.offset) ?? {};
  return `${line}:${column}`;
}

function laughs(): string {
  const lines = Array.from({ length: 12 }, (_, level) => {
    const inner = level === 0 ? 'ha' : `*l${level - 1}`;
    return `x-${level}: &l${level} [${Array(10).fill(inner).join(', ')}]`;
  });
  return lines.join('\n');
}

function chain(): string {
  const levels = Array.from({ length: limits.depth + 10 }, (_, level) => level);
  return levels.map((level) => `x-${level}: &a${level} [${level === 0 ? '1' : `*a${level - 1}`}]`).join('\n');
}
