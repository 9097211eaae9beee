import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyRule } from '#model/policy.ts';
import { setPolicyStage, tally } from '../../support/policy-stage.ts';

test('only allowed addresses get in; others get 403 as JSON', async () => {
  await using stage = await setPolicyStage([{ kind: 'ip-allow', ranges: ['127.0.0.8/30', '::1'], status: 403 }]);
  assert.equal((await stage.get('/', { from: '127.0.0.9' })).status, 200);
  const refused = await stage.get('/', { from: '127.0.0.12' });
  assert.equal(refused.status, 403);
  assert.deepEqual(JSON.parse(refused.body), {
    error: 'Forbidden',
    message: 'this address is not allowed here',
    status: 403,
  });
  const forged = await stage.get('/', { from: '127.0.0.12', headers: { 'x-forwarded-for': '127.0.0.9' } });
  assert.equal(forged.status, 403);
});

test('allowed addresses by depth behind a trusted proxy', async () => {
  const rule: PolicyRule = { kind: 'ip-allow', ranges: ['10.1.0.0/16'], depth: 1, status: 401 };
  await using stage = await setPolicyStage([rule], { trustedProxies: ['127.0.0.0/8'] });
  const as = (chain: string) => stage.get('/', { headers: { 'x-forwarded-for': chain } });
  assert.equal((await as('1.1.1.1, 10.1.2.3')).status, 200);
  assert.equal((await as('10.1.2.3, 1.1.1.1')).status, 401);
});

test('only allowed hosts', async () => {
  await using stage = await setPolicyStage([{ kind: 'host-allow', hosts: ['a.x'] }]);
  assert.equal((await stage.get('/', { host: 'A.x:8080' })).status, 200);
  assert.equal((await stage.get('/', { host: 'b.x' })).status, 403);
});

const users = [
  // Each has the password "secret".
  { name: 'apr', hash: '$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/' },
  { name: 'sha', hash: '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=' },
  { name: 'crypt5', hash: '$5$abcdefgh$gruCpC7VkOTspMQTTSAR8mtlO9Upms.fwqE5y16JVM.' },
  {
    name: 'crypt6',
    hash: '$6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG.',
  },
  { name: 'bcrypt', hash: '$2y$10$abcdefghijklmnopqrstuuqflPDzB6gcMhKa1rZqKiun2YGL5sa2u' },
];

const login = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});

test('basic auth checks every form of htpasswd, names the user and keeps the password', async () => {
  const rule: PolicyRule = { kind: 'basic-auth', users, realm: 'Zona "A"', removeHeader: true, userHeader: 'X-User' };
  await using stage = await setPolicyStage([rule]);
  const none = await stage.get('/');
  assert.equal(none.status, 401);
  assert.match(String(none.headers['www-authenticate']), /^Basic realm="Zona /);
  for (const { name } of users) {
    assert.equal((await stage.get('/', { headers: login(name, 'secret') })).status, 200, name);
    assert.equal(stage.web.lastHeaders()['x-user'], name);
    assert.equal(stage.web.lastHeaders().authorization, undefined);
    assert.equal((await stage.get('/', { headers: login(name, 'Secret') })).status, 401, name);
  }
  assert.equal((await stage.get('/', { headers: login('apr:x', 'secret') })).status, 401);
  assert.equal((await stage.get('/', { headers: { authorization: 'Basic ???' } })).status, 401);
  assert.equal((await stage.get('/', { headers: { authorization: 'Bearer x' } })).status, 401);
});

test('a known password costs no more hashing, and guessing is slowed down by address', async () => {
  const rule: PolicyRule = { kind: 'basic-auth', users, realm: 'r', removeHeader: false };
  await using stage = await setPolicyStage([rule]);
  const known = { headers: login('bcrypt', 'secret'), from: '127.0.0.2' };
  assert.equal((await stage.get('/', known)).status, 200);
  const before = performance.now();
  const many = await Promise.all(Array.from({ length: 200 }, () => stage.get('/', known)));
  assert.deepEqual(tally(many), { 200: 200 });
  assert.ok(performance.now() - before < 3000, `200 logins took ${performance.now() - before} ms`);
  const guesses = [];
  for (let n = 0; n < 15; n++)
    guesses.push(await stage.get('/', { headers: login('sha', `x${n}`), from: '127.0.0.3' }));
  assert.deepEqual(tally(guesses), { 401: 10, 429: 5 });
  assert.equal(guesses.at(-1)?.headers['retry-after'], '60');
  assert.equal((await stage.get('/', known)).status, 200, 'others are not slowed down');
});

test('a changed password is asked again', async () => {
  const rule = (hash: string): PolicyRule => ({
    kind: 'basic-auth',
    users: [{ name: 'a', hash }],
    realm: 'r',
    removeHeader: false,
  });
  await using stage = await setPolicyStage([rule('{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=')]);
  const { tableOf } = await import('../../support/proxy-stage.ts');
  const old = { headers: login('a', 'secret') };
  assert.equal((await stage.get('/', old)).status, 200);
  const rules = [rule('{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=')];
  await stage.balancer.apply(tableOf({ servers: [stage.web.server()], routes: [{ policy: { rules } }] }));
  assert.equal((await stage.get('/', old)).status, 401);
  assert.equal((await stage.get('/', { headers: login('a', 'test') })).status, 200);
});
