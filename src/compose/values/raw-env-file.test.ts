import assert from 'node:assert/strict';
import test from 'node:test';
import { parseRawEnvFile } from './raw-env-file.ts';

const parse = (text: string): Record<string, string> => parseRawEnvFile(text, (name) => ({ KNOWN: 'k' })[name]);

test('a value is what follows the first equals sign, as it stands', () => {
  assert.deepEqual(parse('A=$X "q" # c \nB=\'s\'\nC=a=b\nD=\n  E=\ttab'), {
    A: '$X "q" # c ',
    B: "'s'",
    C: 'a=b',
    D: '',
    E: '\ttab',
  });
});

test('comments, blank lines, a byte order mark and Windows line ends are no values', () => {
  assert.deepEqual(parse('\uFEFFA=1\r\n\r\n  # c\r\n#B=2\r\nC=3'), { A: '1', C: '3' });
});

test('a key alone is inherited or left out', () => assert.deepEqual(parse('KNOWN\nUNKNOWN\n'), { KNOWN: 'k' }));

for (const [text, message, line] of [
  ['A=1\nA B=2', 'the variable name "A B" contains white space', 2],
  ['=x', 'no variable name before =', 1],
  ['A =x', 'the variable name "A " contains white space', 1],
] as const) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => parse(text), {
      code: 'COMPOSE_RAW_ENV_KEY',
      message,
      at: { file: 'env_file', line, column: 1 },
    });
  });
}
