// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are templates of Compose, not of JavaScript
import assert from 'node:assert/strict';
import test from 'node:test';
import { parseDotenv } from './dotenv.ts';

const parse = (text: string, environment: Readonly<Record<string, string>> = {}): Record<string, string> =>
  parseDotenv(text, (name) => environment[name]);

const cases: readonly (readonly [what: string, text: string, values: Readonly<Record<string, string>>])[] = [
  ['nothing', '', {}],
  ['blank lines and comments', '\n  \n# a\n  # b = c\nA=1', { A: '1' }],
  ['a byte order mark', '\uFEFFA=1', { A: '1' }],
  ['Windows line ends', 'A=1\r\nB="2"\r\nC=\r\n', { A: '1', B: '2', C: '' }],
  ['a colon', 'A: 1\nB : 2', { A: '1', B: '2' }],
  ['export', 'export A=1\n  export\tB=2\nexported=3', { A: '1', B: '2', exported: '3' }],
  ['spaces around', ' A = 1 \n\tB\t=\t2\t', { A: '1', B: '2' }],
  ['odd names', 'a.b-c[0]=1\n9=nine\nárbol=verde', { 'a.b-c[0]': '1', 9: 'nine', árbol: 'verde' }],
  ['no value', 'A=\nB=\n', { A: '', B: '' }],
  ['equals signs in a value', 'A=b=c==', { A: 'b=c==' }],
  ['an inline comment', 'A=1 # one\nB=2#two\nC="3" # three\nD=\'4\'# four', { A: '1', B: '2#two', C: '3', D: '4' }],
  ['a comment where a value would be', 'A= # no value', { A: '# no value' }],
  ['backslashes outside quotes', 'A=C:\\new\\table', { A: 'C:\\new\\table' }],
  ['single quotes', "A='$X \\n \"q\" # c'\nB='it\\'s'\nC='\\\\'", { A: '$X \\n "q" # c', B: "it's", C: '\\\\' }],
  ['lines in single quotes', "A='one\ntwo'\nB=2", { A: 'one\ntwo', B: '2' }],
  ['lines in double quotes', 'A="one\ntwo"\nB=2', { A: 'one\ntwo', B: '2' }],
  ['escapes', 'A="\\a\\b\\f\\n\\r\\t\\v\\\\\\"\\$"', { A: '\x07\b\f\n\r\t\v\\"$' }],
  ['octal', 'A="\\0101\\0012\\0377"', { A: 'A\n\xff' }],
  [
    'pairs that are no escapes',
    'A="\\x41 \\u0041 \\c \\q \\0 \\08 \\0777"',
    { A: '\\x41 \\u0041 \\c \\q \\0 \\08 \\0777' },
  ],
  ['dollars', 'A=$$X\nB="\\$X $$X"\nC=$1 $(x)', { A: '$X', B: '$X $X', C: '$1 $(x)' }],
  [
    'references',
    'A=1\nB=${A}2\nC="${B}3"\nD=${LATER:-none}\nLATER=x',
    { A: '1', B: '12', C: '123', D: 'none', LATER: 'x' },
  ],
  ['a key alone', 'KNOWN\nUNKNOWN\nA=1', { KNOWN: 'k', A: '1' }],
  ['a key alone at the end', 'A=1\nKNOWN', { KNOWN: 'k', A: '1' }],
  ['statements after a quote', 'A="1" B=2', { A: '1', B: '2' }],
  ['a repeated key', 'A=1\nA=2', { A: '2' }],
  ['an empty key', '="v"', { '': 'v' }],
  [
    'a key of objects',
    '__proto__=x\nconstructor=y',
    Object.fromEntries([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]),
  ],
];

for (const [what, text, values] of cases) {
  test(`reads ${what}`, () => assert.deepEqual(parse(text, { KNOWN: 'k' }), values));
}

test('the environment outside wins over earlier lines', () => {
  assert.deepEqual(parse('A=file\nB=$A', { A: 'outside' }), { A: 'file', B: 'outside' });
});

test('earlier files count less than this one', () => {
  const values = parseDotenv('B=2\nC=${A}${B}', () => undefined, {
    earlier: new Map([
      ['A', '1'],
      ['B', 'old'],
    ]),
  });
  assert.deepEqual(values, { B: '2', C: '12' });
});

const refused: readonly (readonly [text: string, message: string, at: string])[] = [
  ['A=1\nlol$wut', 'unexpected character "$" in variable name "lol$wut"', '2:4'],
  ['A B=1', 'the variable name "A B" contains a space', '1:1'],
  ['\n\nA="x', 'the quoted value of A is never closed', '3:3'],
  [
    `A='C:\\'`,
    "the quoted value of A is never closed; a quote after a backslash, as in 'value\\', does not close it",
    '1:3',
  ],
  ['A=1\nB=${A', 'invalid interpolation format: ${A', '2:3'],
  ['A=${X:?say it}', 'required variable X is missing a value: say it', '1:3'],
];

for (const [text, message, at] of refused) {
  test(`refuses ${JSON.stringify(text)} with its place`, () => {
    assert.throws(
      () => parseDotenv(text, () => undefined, { file: 'a.env' }),
      (error: Error & { at?: { file: string; line: number; column: number } }) => {
        assert.equal(error.message, message);
        assert.equal(`${error.at?.line}:${error.at?.column}`, at);
        return error.at?.file === 'a.env';
      },
    );
  });
}

test('an error never shows a value', () => {
  for (const text of ['KEY&=hunter2', 'KEY="hunter2', "KEY='hunter2\\'", 'A KEY=hunter2']) {
    assert.throws(
      () => parse(text),
      (error: Error) => !error.message.includes('hunter2'),
    );
  }
});

test('a missing variable is told with its place', () => {
  const told: string[] = [];
  parseDotenv('A=1\nB=x$NO', () => undefined, {
    file: 'a.env',
    onMissing: (name, at) => told.push(`${name} ${at.file}:${at.line}:${at.column}`),
  });
  assert.deepEqual(told, ['NO a.env:2:3']);
});
