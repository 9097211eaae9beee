import assert from 'node:assert/strict';
import test from 'node:test';
import { droppedTail, splitShellWords } from './shell-words.ts';

const cases: readonly (readonly [text: string, words: readonly string[]])[] = [
  ['', []],
  ['  a\tb\n  c\r\n', ['a', 'b', 'c']],
  [`sh -c "echo 'hi  there' $X" a\\ b 'q"q' ""`, ['sh', '-c', "echo 'hi  there' $X", 'a b', 'q"q', '']],
  ['a"b c"d', ['ab cd']],
  [`'a\\b' "a\\"b" a\\'b`, ['a\\b', 'a"b', "a'b"]],
  ['echo #no `x y` $(y z)', ['echo', '#no', '`x y`', '$(y z)']],
  ['"(" \')\'', ['(', ')']],
  ['a && b', ['a']],
  ['a 2>log', ['a']],
  ['a b>log', ['a', 'b']],
  ['"a;b" c\\;d', ['a;b', 'c;d']],
];

for (const [text, words] of cases)
  test(`splits ${JSON.stringify(text)}`, () => assert.deepEqual(splitShellWords(text), words));

for (const text of ['"a', "'a", 'a\\', 'f (x)', 'f)', '`a', '$(a', '$($(a))']) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => splitShellWords(text), { code: 'COMPOSE_COMMAND_LINE' });
  });
}

test('tells what a shell operator cuts off', () => {
  assert.equal(droppedTail('echo a && echo b'), '&& echo b');
  assert.equal(droppedTail('a; b'), '; b');
  assert.equal(droppedTail('"a; b"'), undefined);
});
