import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longestPiece, splitOutput } from './split.ts';

const texts = (bytes: Buffer, ending: 'open' | 'whole' = 'open') => splitOutput(bytes, ending).map((one) => one.text);

test('what has no newline yet is left, until the stream ends', () => {
  assert.deepEqual(texts(Buffer.from('one\ntwo\nthr')), ['one', 'two']);
  assert.deepEqual(texts(Buffer.from('one\ntwo\nthr'), 'whole'), ['one', 'two', 'thr']);
  assert.deepEqual(texts(Buffer.from('\n\n')), ['', '']);
  assert.deepEqual(texts(Buffer.from(''), 'whole'), []);
});

test('bytes that are no UTF-8 are shown as such', () => {
  assert.deepEqual(texts(Buffer.from([97, 0xff, 98, 10])), ['a\uFFFDb']);
});

test('a line without end is stored in pieces that end between characters', () => {
  const bytes = Buffer.from('añ€🚢'.repeat(10_000));
  const pieces = splitOutput(bytes, 'whole');
  assert.equal(pieces.map((one) => one.text).join(''), bytes.toString());
  assert.equal(
    pieces.reduce((sum, one) => sum + one.size, 0),
    bytes.length,
  );
  for (const { size } of pieces) assert.ok(size <= longestPiece);
});

test('sizes add up whatever comes', () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed % below;
  };
  for (let round = 0; round < 50; round++) {
    const bytes = Buffer.from(Array.from({ length: random(60_000) }, () => (random(400) === 0 ? 10 : random(256))));
    const total = splitOutput(bytes, 'whole').reduce((sum, one) => sum + one.size, 0);
    assert.equal(total, bytes.length);
  }
});
