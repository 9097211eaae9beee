import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { linesOf } from './lines.ts';
import { TailBuffer } from './tail-buffer.ts';

function frame(stream: 1 | 2, text: string): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

const stamp = '2026-11-22T10:00:00.123456789Z ';

/** The same bytes in pieces of `size`, as a socket may deliver them. */
function inPieces(bytes: Buffer, size: number): Readable {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  return Readable.from(pieces);
}

test('lines keep their stream, time and bytes however they are cut', async () => {
  const all = Buffer.concat([
    frame(1, `${stamp}one\n`),
    frame(2, `${stamp}Ñandú 🚢\r\n`),
    frame(1, `${stamp}a long line, `),
    frame(1, `${stamp}in two pieces\n`),
    frame(2, `${stamp}no end`),
  ]);
  for (const size of [1, 3, 7, 1000]) {
    const lines = await Array.fromAsync(linesOf(inPieces(all, size), 'streams'));
    assert.deepEqual(
      lines.map((line) => `${line.stream} ${line.text}`),
      ['stdout one', 'stderr Ñandú 🚢', 'stdout a long line, in two pieces', 'stderr no end'],
      `pieces of ${size}`,
    );
    assert.equal(lines[0]?.time, Date.parse('2026-11-22T10:00:00.123Z'));
    assert.equal(lines[0]?.stamp, '2026-11-22T10:00:00.123456789');
  }
});

test('a line without end comes in pieces', async () => {
  const source = Readable.from([frame(1, `${stamp}${'x'.repeat(200_000)}`), frame(1, 'y'.repeat(10))]);
  const lines = await Array.fromAsync(linesOf(source, 'streams'));
  assert.ok(lines.length > 1);
  assert.equal(lines.map((line) => line.text).join('').length, 200_010);
});

test('a terminal has one stream and no headers', async () => {
  const lines = await Array.fromAsync(linesOf(Readable.from([Buffer.from(`${stamp}hello\r\n`)]), 'terminal'));
  assert.deepEqual(
    lines.map((line) => line.text),
    ['hello'],
  );
});

test('a tail keeps the end and no more', () => {
  const tail = new TailBuffer(10);
  for (let i = 0; i < 100; i++) tail.add(Buffer.from(`${i},`));
  assert.equal(tail.toString(), '97,98,99,'.padStart(10, ','));
});
