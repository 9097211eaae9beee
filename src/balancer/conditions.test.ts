import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Match } from '#model/route.ts';
import { conditions } from './conditions.ts';
import { backendOf, proxyName } from './names.ts';
import { quote } from './quote.ts';

const host = (name: string): Match => ({ kind: 'host', name });
const method = (name: string): Match => ({ kind: 'method', method: name });
const short = (match: Match) => conditions(match).map((line) => line.replaceAll('var(txn.host) -m str -- ', ''));

test('groups are opened up, and a negated group negates its parts', () => {
  const either: Match = { kind: 'any', of: [host('a'), host('b')] };
  assert.deepEqual(short(either), ['{ a }', '{ b }']);
  assert.deepEqual(short({ kind: 'all', of: [either, method('GET')] }), [
    '{ a } { method -- GET }',
    '{ b } { method -- GET }',
  ]);
  assert.deepEqual(short({ kind: 'not', of: either }), ['!{ a } !{ b }']);
  assert.deepEqual(short({ kind: 'not', of: { kind: 'all', of: [host('a'), { kind: 'not', of: host('b') }] } }), [
    '!{ a }',
    '{ b }',
  ]);
});

test('words keep what is in them and cannot break out', () => {
  assert.equal(quote('/api/v1'), '/api/v1');
  assert.equal(quote('a b'), "'a b'");
  assert.equal(quote('it\'s $HOME "x" #y'), "'it'\\''s $HOME \"x\" #y'");
  assert.equal(quote(''), "''");
  assert.throws(() => quote('a\nb'), RangeError);
});

test('names lead to the proxy and back', () => {
  assert.equal(proxyName('my-shop/web.api:8000'), 'my-shop:web.api:8000');
  assert.equal(backendOf('my-shop:web.api:8000'), 'my-shop/web.api:8000');
  for (const ours of ['.edge-http', '.listen-127.0.0.1:80', '.listen-::1:80', 'GLOBAL'])
    assert.equal(backendOf(ours), undefined);
});
