import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import test from 'node:test';
import { parse } from 'yaml';
import { yamlText } from './yaml-text.ts';

test('block style, two spaces a level, lists indented', () => {
  const model = {
    name: 'shop',
    services: {
      web: {
        image: 'nginx:1.27',
        command: ['sh', '-c', 'a && b'],
        ports: [{ target: 80, published: '8080' }, { target: 81 }],
        environment: { A: '1', B: '', C: null, D: 'it is', N: 'yes' },
        labels: {},
        cap_add: [],
        nested: [['a', ['b']], []],
        script: 'one\ntwo\n',
      },
    },
  };
  assert.equal(
    yamlText(model),
    `name: shop
services:
  web:
    image: nginx:1.27
    command:
      - sh
      - -c
      - a && b
    ports:
      - target: 80
        published: "8080"
      - target: 81
    environment:
      A: "1"
      B: ""
      C: null
      D: it is
      "N": "yes"
    labels: {}
    cap_add: []
    nested:
      - - a
        - - b
      - []
    script: |
      one
      two
`.replace('- -c', '- "-c"'),
  );
});

test('a value that is no collection', () => {
  assert.equal(yamlText('a'), 'a\n');
  assert.equal(yamlText({}), '{}\n');
  assert.equal(yamlText([]), '[]\n');
});

const texts = [
  ...[
    '',
    ' ',
    'a',
    'a b',
    ' a',
    'a ',
    '-',
    '- a',
    '-c',
    '?',
    '? a',
    ':',
    ':a',
    'a:',
    'a: b',
    'a:b',
    'a #b',
    'a#b',
    '#a',
  ],
  ...[
    '[a]',
    '{a}',
    'a[0]',
    'a, b',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    "'a'",
    '"a"',
    'it\'s "q"',
    '%a',
    '@a',
    '`a`',
    'a`',
    '~',
  ],
  ...['y', 'N', 'yes', 'No', 'ON', 'off', 'true', 'FALSE', 'null', 'Null', 'nulls', '=', '<<', '.inf', '-.INF', '.nan'],
  ...[
    '0',
    '1',
    '-1',
    '1.5',
    '1e3',
    '.5',
    '0x1F',
    '0o17',
    '017',
    '0b1',
    '1_000',
    '22:22',
    '1:30:00',
    '2024-01-02',
    '+1',
  ],
  ...[
    '1m30s',
    '10.0.0.1',
    '1.2.3',
    '64m',
    '1e',
    '0xz',
    '5d',
    '12:34',
    '192.168.0.0/24',
    '---',
    '...',
    '--- a',
    '${A:-b}',
    '$$',
  ],
  ...[
    'C:\\new',
    '/a/b:/c:ro',
    'http://a.b/c?d=e&f#g',
    'a\tb',
    '\ta',
    'a\t',
    'á',
    '日本',
    '🚢',
    '\u0085',
    '\u00a0a',
    '\u2028',
    '\ufeffa',
  ],
  ...[
    '\u0007',
    '\u007f',
    '\ud800',
    'a\rb',
    'a\r\nb',
    '\n',
    '\n\n',
    'a\n',
    'a\nb',
    'a\n\n',
    'a\n\n\n',
    '\na',
    ' a\nb',
    'a\n  b',
  ],
  ...[
    'a\n \nb',
    'a \nb ',
    'a\n\tb',
    'a\nb\n \n',
    '# a\nb',
    '- a\n- b',
    '$a\n$$b',
    'ñ\nb',
    '--- \na',
    '...\na',
    'a\n...\n',
  ],
];

for (const version of ['1.1', '1.2'] as const) {
  test(`every text comes back from a reader of YAML ${version}, as a value, a key and an item`, () => {
    for (const one of texts) {
      const model = { key: one, list: [one, [one]], deep: { a: { b: one } }, [one]: 'x' };
      const read: unknown = parse(yamlText(model), { version, maxAliasCount: -1 });
      assert.deepEqual(read, model, JSON.stringify(one));
    }
  });
}

test('random texts come back', () => {
  const characters = [...'ab1 0:#-\n\n\t\'"\\[]{}&*!|>%@`$~.,=_xeE', 'é', '\r', '\u2028', 'no', ': ', ' #'];
  for (let round = 0; round < 5000; round++) {
    const one = Array.from({ length: randomInt(12) }, () => characters[randomInt(characters.length)]).join('');
    const model = { services: { a: { key: one, list: [one], [one]: [{ [one]: one }] } } };
    for (const version of ['1.1', '1.2'] as const) {
      assert.deepEqual(parse(yamlText(model), { version }), model, JSON.stringify(one));
    }
  }
});
