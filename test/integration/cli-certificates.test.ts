import assert from 'node:assert/strict';
import { test } from 'node:test';
import { said } from '#core/messages/say.ts';
import type { CertificateStatus } from '#model/certificate.ts';
import { fakeDaemon } from '../support/fake-daemon.ts';
import { fakeEngine } from '../support/fake-engine.ts';
import { freshHome } from '../support/home.ts';

const facts = { host: 'a.example', authority: 'ca.example', reason: 'DNS problem' };
const certificates: readonly CertificateStatus[] = [
  {
    ...{ host: undefined, projects: [], source: 'self-signed', state: 'served', issuer: 'localhost', attempts: 0 },
    ...{ expires: '2027-12-24T10:00:00.000Z', authority: undefined, problem: undefined, nextTry: undefined },
  },
  {
    ...{ host: 'a.example', projects: ['p'], source: 'acme', state: 'stand-in', issuer: 'a.example', attempts: 2 },
    ...{
      expires: '2027-12-24T10:00:00.000Z',
      authority: 'https://ca.example/dir',
      nextTry: '2026-11-22T10:01:00.000Z',
    },
    problem: said('CERTIFICATE_ORDER_FAILED', facts),
  },
];

test('certificates lists them in both languages and as JSON, and tells what went wrong with the next step', async () => {
  await using home = await freshHome();
  await using _daemon = await fakeDaemon(home.dir, fakeEngine({ certificates }));
  const english = (await home.ok(['certificates'])).stdout;
  assert.match(english, /host +source +issuer +expires +next order/);
  assert.match(english, /\(other hosts\) +self-signed +localhost +2027-12-24/);
  assert.match(english, /a\.example +acme +self-signed for now +2027-12-24 \S+ +2026-11-22/);
  assert.match(english, /ca\.example issued no certificate for a\.example: DNS problem\n +mend the cause/);
  const spanish = (await home.ok(['certificates', '--lang', 'es'])).stdout;
  assert.match(spanish, /emisor +caduca +próximo pedido[\s\S]*no emitió ningún certificado para a\.example/);
  const [, second] = JSON.parse((await home.ok(['certificates', '--json'])).stdout);
  assert.deepEqual(
    [second.host, second.state, second.problemCode, second.attempts, second.nextTry],
    ['a.example', 'stand-in', 'CERTIFICATE_ORDER_FAILED', 2, '2026-11-22T10:01:00.000Z'],
  );
});

test('certificates retry reaches the engine, for one host or for all; other words are refused', async () => {
  await using home = await freshHome();
  const engine = fakeEngine({ certificates });
  await using _daemon = await fakeDaemon(home.dir, engine);
  assert.match((await home.ok(['certificates', 'retry', 'a.example'])).stdout, /^ordered again: a\.example$/m);
  assert.match((await home.ok(['certificates', 'retry'])).stdout, /no order has failed/);
  assert.deepEqual(
    engine.asked.map((one) => ('detail' in one ? one.detail : one)),
    ['a.example', undefined],
  );
  assert.equal((await home.cli(['certificates', 'renew'])).code, 2);
});
