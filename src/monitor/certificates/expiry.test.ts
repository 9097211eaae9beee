import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expiryOf } from './expiry.ts';
import { isPublicName } from './public-name.ts';

const day = 86_400_000;

test('the end of a certificate is told of in time, and louder when it is near', () => {
  const facts = { notBefore: 0, notAfter: 90 * day };
  const at = (dayOf: number, source: 'file' | 'acme') => expiryOf(facts, dayOf * day, source)?.level;
  assert.deepEqual([at(59, 'file'), at(61, 'file'), at(76, 'file')], [undefined, 'warning', 'critical']);
  assert.deepEqual([at(61, 'acme'), at(67, 'acme'), at(76, 'acme')], [undefined, 'warning', 'critical']);
  assert.deepEqual(expiryOf(facts, 80 * day, 'file')?.say('a.x'), {
    code: 'CERTIFICATE_EXPIRES',
    facts: { host: 'a.x', at: '1970-04-01', days: 10 },
  });
  assert.equal(expiryOf(facts, 91 * day, 'file')?.say('a.x').code, 'CERTIFICATE_EXPIRED');
});

test('a certificate of six days is not always about to expire', () => {
  const facts = { notBefore: 0, notAfter: 6 * day };
  assert.equal(expiryOf(facts, 3 * day, 'file'), undefined);
  assert.equal(expiryOf(facts, 4.5 * day, 'file')?.level, 'warning');
});

test('no public authority is asked for names that only exist here', () => {
  const names = ['a.localhost', 'localhost', 'web', 'nas.local', '10.0.0.1', 'x.home.arpa', '::1', 'a.internal'];
  assert.deepEqual(names.filter(isPublicName), []);
  assert.deepEqual(['a.example', 'WWW.Universidad.EDU.', 'x1.y2.pe'].filter(isPublicName).length, 3);
});
