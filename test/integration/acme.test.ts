import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { createAuthorities } from '#adapters/acme/index.ts';
import { hasCode } from '#core/errors.ts';
import type { Authority } from '#model/certificate.ts';
import type { Domains, Route, RouteTable } from '#model/route.ts';
import { handshake } from '../support/handshake.ts';
import type { TestInstance } from '../support/instance.ts';
import { renderReport, startLoad } from '../support/load.ts';
import { type Pebble, startPebble } from '../support/pebble.ts';
import { type Stage, setStage, tableOf } from '../support/proxy-stage.ts';

/** A table whose hosts have certificates of this authority, for the instance that runs. */
function tableFor(web: TestInstance, hosts: readonly string[], authority: Authority): RouteTable {
  return tableOf({
    servers: [web.server()],
    routes: hosts.map((name) => ({
      ...{ entries: ['https'], tls: { kind: 'acme', authority } },
      match: { kind: 'host', name },
    })),
  });
}

/** In the authority's DNS, `host` is the stage's edge. */
async function point(pebble: Pebble, host: string, stage: Stage): Promise<void> {
  const body = JSON.stringify({ host: `${host}.`, addresses: [stage.address] });
  await fetch(`${pebble.dnsControl}/add-a`, { method: 'POST', body });
}

/** Load that ends with the test, whatever becomes of it. */
function endingLoad(options: Parameters<typeof startLoad>[0]) {
  const load = startLoad(options);
  return { stop: () => load.stop(), [Symbol.asyncDispose]: async () => void (await load.stop()) };
}

const never = new AbortController().signal;

test('http-01: ordered, answered by the proxy, put into service without a reload or a lost request', async () => {
  await using stage = await setStage();
  await using pebble = await startPebble({ httpPort: stage.httpPort });
  const hosts = ['a.example', 'b.example'];
  for (const host of hosts) await point(pebble, host, stage);
  const authority: Authority = { directory: pebble.directory, challenge: { kind: 'http-01' }, ca: pebble.ca };
  const web = await stage.start('web');
  const table = tableFor(web, hosts, authority);
  await stage.balancer.apply(table);
  assert.equal((await handshake(stage, 'a.example')).issuer, 'Timonel', 'a self-signed one serves meanwhile');
  const before = stage.balancer.certificates().map((one) => [one.host, one.source, one.standIn]);
  assert.deepEqual(before[1], ['a.example', 'acme', true]);

  const authorities = createAuthorities({ home: stage.home });
  await using load = endingLoad({
    ...{ address: stage.address, port: stage.httpsPort, tls: true, host: 'a.example' },
    workers: { fresh: 3, 'keep-alive': 2 },
  });
  const asked: string[] = [];
  for (const host of hosts) {
    const facts = await authorities.order(
      { host, names: [host], authority },
      async (token, answer) => {
        await stage.balancer.answerChallenge(token, answer);
        asked.push(answer === undefined ? 'withdrawn' : 'answered');
      },
      never,
    );
    assert.deepEqual(facts.names, [host]);
    assert.deepEqual(await stage.balancer.apply(table), { reloaded: false });
    assert.match((await handshake(stage, host)).names, new RegExp(`^DNS:${host}$`));
    assert.match(stage.balancer.certificates().find((one) => one.host === host)?.issuer ?? '', /^Pebble/);
  }
  const report = await load.stop();
  assert.deepEqual(report.failures, [], renderReport(report));
  assert.deepEqual(asked, ['answered', 'withdrawn', 'answered', 'withdrawn']);
  const gone = await stage.get('/.well-known/acme-challenge/anything', { host: 'a.example' });
  assert.equal(gone.status, 308, 'a token that is not ours goes its usual way');

  // One account for both, with a key for nobody else; everything is there again for the next daemon.
  const acme = join(stage.home, 'acme');
  assert.equal(readdirSync(join(acme, 'accounts')).filter((name) => name.endsWith('.pem')).length, 1);
  assert.equal([...pebble.log().matchAll(/There are now \d+ accounts/g)].length, 1);
  for (const folder of ['accounts', 'certificates']) {
    assert.equal(statSync(join(acme, folder)).mode & 0o777, 0o700);
    for (const file of readdirSync(join(acme, folder))) {
      assert.equal(statSync(join(acme, folder, file)).mode & 0o777, 0o600, file);
    }
  }
  assert.match(
    createAuthorities({ home: stage.home }).issued({ host: 'a.example', names: ['a.example'], authority })?.issuer ??
      '',
    /^Pebble/,
  );
  assert.equal(
    authorities.issued({
      host: 'a.example',
      names: ['a.example'],
      authority: { ...authority, directory: 'https://other.example/dir' },
    }),
    undefined,
    'another authority has issued nothing',
  );
  const { serial } = await handshake(stage, 'a.example');
  await stage.balancer.stop();
  await stage.another().apply(table);
  assert.equal((await handshake(stage, 'a.example')).serial, serial);
});

test('a refused order says why, costs nothing that serves, and the next one succeeds', async () => {
  await using stage = await setStage();
  await using pebble = await startPebble({ httpPort: stage.httpPort });
  const authority: Authority = { directory: pebble.directory, challenge: { kind: 'http-01' }, ca: pebble.ca };
  const web = await stage.start('web');
  const table = tableFor(web, ['c.example'], authority);
  await stage.balancer.apply(table);
  const authorities = createAuthorities({ home: stage.home });
  const place = () =>
    authorities.order(
      { host: 'c.example', names: ['c.example'], authority },
      (token, answer) => stage.balancer.answerChallenge(token, answer),
      never,
    );
  // In its DNS the name is 127.0.0.1, where this stage does not listen.
  await assert.rejects(place(), (error) => {
    assert.ok(hasCode(error, 'CERTIFICATE_ORDER_FAILED'));
    assert.match(error.message, /^localhost:\d+ issued no certificate for c\.example: .*refused/);
    return true;
  });
  assert.equal((await handshake(stage, 'c.example')).names, 'DNS:c.example');
  await point(pebble, 'c.example', stage);
  assert.deepEqual((await place()).names, ['c.example']);
});

test('an authority that does not answer is an error that says so', async () => {
  await using stage = await setStage();
  const authority: Authority = {
    directory: 'https://127.9.9.9:4999/dir',
    challenge: { kind: 'http-01' },
    ca: '/etc/hostname',
  };
  await assert.rejects(
    createAuthorities({ home: stage.home }).order(
      { host: 'c.example', names: ['c.example'], authority },
      async () => undefined,
      never,
    ),
    /127\.9\.9\.9:4999 issued no certificate for c\.example: .*ECONNREFUSED/,
  );
});

test('an authority whose answers are none is asked a bounded number of times', async () => {
  let asked = 0;
  await using server = createServer((request, answer) => {
    asked += 1;
    const at = `http://${request.headers.host}`;
    const resources = { newNonce: `${at}/nonce`, newAccount: `${at}/account`, newOrder: `${at}/order` };
    answer.setHeader('replay-nonce', 'abc').end(request.url === '/dir' ? JSON.stringify(resources) : 'junk');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await using stage = await setStage();
  const authority: Authority = {
    directory: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dir`,
    challenge: { kind: 'dns-01', hook: ['true'], cwd: stage.home },
  };
  const order = { host: 'c.example', names: ['c.example'], authority };
  await assert.rejects(
    createAuthorities({ home: stage.home }).order(order, async () => undefined, AbortSignal.timeout(60_000)),
    /issued no certificate for c\.example: the authority's answers lead nowhere/,
  );
  assert.ok(asked <= 152, `${asked} requests`);
});

test('a name without an address is not ordered at all', async () => {
  await using stage = await setStage();
  const authority: Authority = { directory: 'https://127.9.9.9:4999/dir', challenge: { kind: 'http-01' } };
  const host = 'surely-not-there.invalid';
  await assert.rejects(
    createAuthorities({ home: stage.home }).order({ host, names: [host], authority }, async () => undefined, never),
    (error) => hasCode(error, 'CERTIFICATE_NO_ADDRESS') || hasCode(error, 'CERTIFICATE_ORDER_FAILED'),
  );
});

/** An authority that asks by dns-01, and what its command was told. */
function byDns(stage: Stage, pebble: Pebble) {
  const folder = join(stage.home, 'hook');
  mkdirSync(folder);
  const hook = join(folder, 'record.mjs');
  const lines = [
    `#!${process.execPath}`,
    'import { appendFileSync } from "node:fs";',
    'const { TIMONEL_ACME_ACTION: action, TIMONEL_ACME_DOMAIN: domain, TIMONEL_ACME_NAME: name, TIMONEL_ACME_VALUE: value } = process.env;',
    'if (domain === "bad.example") { console.error("no such zone: " + domain); process.exit(3); }',
    'appendFileSync("calls.txt", [action, domain, name, value.length].join(" ") + "\\n");',
    `const path = action === "present" ? "set-txt" : "clear-txt";`,
    `await fetch("${pebble.dnsControl}/" + path, { method: "POST", body: JSON.stringify({ host: name + ".", value }) });`,
  ];
  writeFileSync(hook, `${lines.join('\n')}\n`);
  chmodSync(hook, 0o755);
  const challenge = { kind: 'dns-01', hook: [hook], cwd: folder } as const;
  const authority: Authority = { directory: pebble.directory, challenge, ca: pebble.ca };
  return { authority, calls: () => readFileSync(join(folder, 'calls.txt'), 'utf8') };
}

const nobody = async () => assert.fail('the proxy was asked');

test('dns-01: a command sets and removes the record; its failure is told with its words', async () => {
  await using stage = await setStage();
  await using pebble = await startPebble({ httpPort: 1 });
  const { authority, calls } = byDns(stage, pebble);
  const authorities = createAuthorities({ home: stage.home });
  const order = (host: string) => authorities.order({ host, names: [host], authority }, nobody, never);
  assert.deepEqual((await order('d.example')).names, ['d.example']);
  assert.equal(
    calls(),
    'present d.example _acme-challenge.d.example 43\ncleanup d.example _acme-challenge.d.example 43\n',
  );
  await assert.rejects(order('bad.example'), (error) => {
    assert.ok(hasCode(error, 'CERTIFICATE_HOOK_FAILED'));
    assert.match(error.message, /record\.mjs failed for bad\.example: it ended with 3: no such zone: bad\.example/);
    return true;
  });
});

test('a name and its wildcard come in one order and serve the hosts below, which keep theirs until then', async () => {
  await using stage = await setStage();
  await using pebble = await startPebble({ httpPort: 1 });
  const { authority, calls } = byDns(stage, pebble);
  const authorities = createAuthorities({ home: stage.home });
  const web = await stage.start('web');
  const routeFor = (name: string, domains?: Domains): Partial<Route> => ({
    ...{ name, entries: ['https'], match: { kind: 'host', name } },
    tls: { kind: 'acme', authority, ...(domains === undefined ? {} : { domains }) },
  });
  const apply = (...routes: Partial<Route>[]) =>
    stage.balancer.apply(tableOf({ servers: [web.server()], routes })).then(() => undefined);
  const names = async (host: string) => (await handshake(stage, host)).names;

  const below = routeFor('a.w.example');
  await authorities.order({ host: 'a.w.example', names: ['a.w.example'], authority }, nobody, never);
  await apply(below);
  const own = (await handshake(stage, 'a.w.example')).serial;
  const both = routeFor('*.w.example', [['w.example', '*.w.example']]);
  await apply(below, both);
  assert.equal((await handshake(stage, 'a.w.example')).serial, own, 'it keeps what it has');
  assert.equal(await names('w.example'), 'DNS:w.example, DNS:*.w.example');
  assert.deepEqual(
    stage.balancer.certificates().map((one) => [one.host, one.standIn]),
    [
      [undefined, false],
      ['w.example', true],
      ['a.w.example', false],
    ],
  );

  const orders = pebble.orders();
  const order = { host: 'w.example', names: ['w.example', '*.w.example'], authority };
  const { names: issued } = await authorities.order(order, nobody, never);
  assert.deepEqual(issued.toSorted(), ['*.w.example', 'w.example']);
  assert.equal(pebble.orders(), orders + 1);
  const told = calls().trim().split('\n').slice(2);
  assert.deepEqual(
    told.map((line) => line.split(' ').slice(0, 3).join(' ')),
    ['present', 'present', 'cleanup', 'cleanup'].map((action) => `${action} w.example _acme-challenge.w.example`),
    'both answers are there before the authority looks',
  );
  await apply(below, both);
  const { serial } = await handshake(stage, 'w.example');
  assert.match(stage.balancer.certificates().find((one) => one.host === 'w.example')?.issuer ?? '', /^Pebble/);
  for (const host of ['a.w.example', 'b.w.example']) assert.equal((await handshake(stage, host)).serial, serial, host);
  assert.equal(await names('b.a.w.example'), 'DNS:localhost', 'one label deep');
  const answer = await stage.get('/', { host: 'b.w.example' });
  assert.deepEqual([answer.status, answer.headers.location], [308, 'https://b.w.example:18443/']);

  // One more name: what there is goes on until the next order.
  const more = { ...order, names: [...order.names, 'v.example'] };
  assert.notEqual(authorities.issued(order), undefined);
  assert.equal(authorities.issued(more), undefined);
  await apply(below, routeFor('*.w.example', [more.names]));
  assert.equal((await handshake(stage, 'b.w.example')).serial, serial);
  const { problem, standIn } = stage.balancer.certificates().find((one) => one.host === 'w.example') ?? {};
  assert.deepEqual([problem?.code, standIn], ['CERTIFICATE_INCOMPLETE', false]);
});

test('an order ends with its daemon and leaves nothing behind', async () => {
  await using stage = await setStage();
  await using pebble = await startPebble({ httpPort: stage.httpPort });
  const authority: Authority = { directory: pebble.directory, challenge: { kind: 'http-01' }, ca: pebble.ca };
  const end = new AbortController();
  const authorities = createAuthorities({ home: stage.home });
  const asked = Promise.withResolvers<void>();
  const placed = authorities.order(
    { host: 'e.example', names: ['e.example'], authority },
    () => {
      asked.resolve();
      return new Promise(() => undefined);
    },
    end.signal,
  );
  await asked.promise;
  end.abort();
  await assert.rejects(placed, /the daemon ends/);
  assert.equal(existsSync(join(stage.home, 'acme/certificates')), false);
});
