// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are templates of Compose, not of JavaScript
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import test from 'node:test';
import { parseDotenv } from './dotenv.ts';
import { parseRawEnvFile } from './raw-env-file.ts';
import { substitute } from './template.ts';

const nothing = (): undefined => undefined;

const pem = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBg+/kqhkiG9w0BAQEFAASC==\n'.repeat(24)}-----END PRIVATE KEY-----\n`;

const named: Readonly<Record<string, string>> = {
  empty: '',
  dollar: 'pa$$word$1${X}$(x)$',
  hash: 'a #b#c # d',
  quotes: `it's "quoted" \`so\``,
  backslashes: 'C:\\new\\table\\',
  newline: 'one\ntwo\r\n\nfour\n',
  equals: '==a=b=',
  bang: '!!%d %s %!',
  json: '{"a":{"b":["$c", null]},"d":"\\u00e9\\n"}',
  bcrypt: '$2b$12$eImiTXuWVxfM37uY4JANjQ.1Z0/8Q1e7kR8c0W2qv5v3u7h6Yx0uG',
  pem,
  utf8: 'ñandú — 日本語 🚢 e\u0301 \u00a0\u2028\u0085 \uFEFF',
  '64 KiB': 'aB$"\\\'#=\n'.repeat(65_536 / 8),
};

/** Values of up to 40 of the characters that parsers trip on. */
function randomValue(): string {
  const characters = [
    '$',
    '#',
    "'",
    '"',
    '\\',
    '`',
    '\n',
    '=',
    '!',
    '%',
    ' ',
    '{',
    '}',
    ':',
    '\t',
    '\r',
    'é',
    '🚢',
    'a',
    'X',
    '-',
  ];
  return Array.from({ length: randomInt(40) }, () => characters[randomInt(characters.length)]).join('');
}

const values = [...Object.entries(named), ...Array.from({ length: 2000 }, () => ['random', randomValue()] as const)];

test('a value in double quotes comes back byte by byte', () => {
  for (const [name, value] of values) {
    const text = `A=1\nV="${value.replace(/[\\"$]/g, '\\$&')}"\nZ=2`;
    assert.deepEqual(parseDotenv(text, nothing), { A: '1', V: value, Z: '2' }, `${name}: ${JSON.stringify(value)}`);
  }
});

test('a value in single quotes comes back byte by byte', () => {
  for (const [name, value] of values) {
    // A backslash before a quote or the end cannot be written between single quotes.
    if (/\\(?:'|$)/.test(value)) continue;
    const text = `A=1\nV='${value.replaceAll("'", "\\'")}'\nZ=2`;
    assert.deepEqual(parseDotenv(text, nothing), { A: '1', V: value, Z: '2' }, `${name}: ${JSON.stringify(value)}`);
  }
});

test('a line of a raw file comes back byte by byte', () => {
  for (const [name, value] of values) {
    if (/[\n]|\r$/.test(value)) continue;
    assert.deepEqual(parseRawEnvFile(`A=1\nV=${value}\nZ=2\n`, nothing), { A: '1', V: value, Z: '2' }, name);
  }
});

test('a text with its dollars doubled is substituted to itself', () => {
  for (const [name, value] of values) assert.equal(substitute(value.replaceAll('$', '$$$$'), nothing), value, name);
});

test('the value of a variable is never read again', () => {
  for (const [name, value] of values)
    assert.equal(
      substitute('[${V}]', () => value),
      `[${value}]`,
      name,
    );
});
