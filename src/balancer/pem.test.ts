import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issue, makeAuthority } from '../../test/support/certificates.ts';
import { factsOf, fits, isSelfSigned, joinPair } from './pem.ts';

test('certificate, chain and key become one text without an empty line or a comment', async () => {
  const { certificate, key } = await issue(['a.example']);
  const ca = await makeAuthority();
  const messy = `Bag Attributes\n\n${certificate.replaceAll('\n', '\r\n')}\n\n\nsubject=x\n${ca.certificate}\n\n`;
  const joined = joinPair(
    messy,
    `\n-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${key}`,
  );
  assert.match(joined, /^-----BEGIN CERTIFICATE-----/);
  assert.doesNotMatch(joined, /\n\n|\r|subject|PARAMETERS/);
  assert.equal(joined.match(/BEGIN CERTIFICATE/g)?.length, 2);
  assert.match(joined, /-----END PRIVATE KEY-----\n$/);
});

test('a pair that does not belong together, or is none, is refused in words', async () => {
  const [a, b] = [await issue(['a.example']), await issue(['b.example'])];
  assert.throws(() => joinPair(a.certificate, b.key), /the key belongs to another certificate/);
  assert.throws(() => joinPair(a.key, a.key), /no certificate/);
  assert.throws(() => joinPair(a.certificate, a.certificate), /no private key/);
  assert.throws(() => joinPair(a.certificate.replace(/[A-Z]{3}/g, '!!!'), a.key));
});

test('what a certificate says is read off it', async () => {
  const ca = await makeAuthority();
  const { certificate, key } = await issue(['a.example', 'www.a.example'], { ca, days: 20 });
  const facts = factsOf(joinPair(certificate, key));
  assert.deepEqual([facts.names, facts.issuer], [['a.example', 'www.a.example'], 'Autoridad autoridad.example']);
  assert.equal((facts.notAfter - facts.notBefore) / 86_400_000, 20);
  assert.deepEqual([isSelfSigned(certificate), isSelfSigned(ca.certificate)], [false, true]);
  assert.deepEqual([fits(certificate, 'www.a.example'), fits(certificate, 'b.example')], [true, false]);
});
