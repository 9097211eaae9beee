import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { say } from '#core/messages/say.ts';
import type { Match, Route, RouteTable, Tls } from '#model/route.ts';
import { issue, makeAuthority, type Pair } from '../support/certificates.ts';
import { handshake } from '../support/handshake.ts';
import { setLabelledStage } from '../support/labelled-stage.ts';
import { renderReport, startLoad } from '../support/load.ts';
import { type Stage, setStage, tableOf } from '../support/proxy-stage.ts';
import { until } from '../support/until.ts';

const host = (name: string): Match => ({ kind: 'host', name });
const secure = (name: string, tls: Tls): Partial<Route> => ({ entries: ['https'], tls, match: host(name) });

function fileTls(stage: Stage, name: string): Extract<Tls, { kind: 'file' }> {
  return { kind: 'file', certificate: join(stage.home, `${name}.crt`), key: join(stage.home, `${name}.key`) };
}

function lay(tls: Extract<Tls, { kind: 'file' }>, pair: Pair): void {
  writeFileSync(tls.key, pair.key, { mode: 0o600 });
  writeFileSync(tls.certificate, pair.certificate);
}

async function workers(stage: Stage): Promise<string> {
  const { ask } = await import('#adapters/haproxy/ask.ts');
  const answer = await ask(join(stage.home, 'haproxy/master.sock'), 'show proc');
  return answer
    .split('\n')
    .filter((line) => line.includes('worker'))
    .join('\n')
    .replace(/\s+\S+d\S+\s.*/g, '');
}

test('names choose certificates; an unknown or no name gets the default; only modern protocols are spoken', async () => {
  await using stage = await setStage();
  const web = await stage.start('web');
  const tls = fileTls(stage, 'b');
  lay(tls, await issue(['b.example', '*.b.example'], { keyType: 'rsa' }));
  await stage.balancer.apply(
    tableOf({
      servers: [web.server()],
      routes: [secure('a.localhost', { kind: 'self-signed' }), secure('b.example', tls), secure('www.b.example', tls)],
    }),
  );
  assert.equal((await handshake(stage, 'a.localhost')).names, 'DNS:a.localhost');
  assert.equal((await handshake(stage, 'b.example')).names, 'DNS:b.example, DNS:*.b.example');
  assert.equal((await handshake(stage, 'WWW.b.example')).names, 'DNS:b.example, DNS:*.b.example');
  assert.equal((await handshake(stage, 'unknown.example')).names, 'DNS:localhost');
  assert.equal((await handshake(stage, undefined)).names, 'DNS:localhost');
  assert.deepEqual(
    stage.balancer.certificates().map(({ host: name, source, standIn, issuer }) => [name, source, standIn, issuer]),
    [
      [undefined, 'self-signed', false, 'Timonel localhost'],
      ['a.localhost', 'self-signed', false, 'Timonel a.localhost'],
      ['b.example', 'file', false, 'Ejemplo b.example'],
      ['www.b.example', 'file', false, 'Ejemplo b.example'],
    ],
  );

  const modern = await handshake(stage, 'a.localhost');
  assert.deepEqual([modern.alpn, modern.protocol], ['h2', 'TLSv1.3']);
  const older = await handshake(stage, 'a.localhost', { maxVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] });
  assert.deepEqual([older.alpn, older.protocol], ['http/1.1', 'TLSv1.2']);
  assert.match(older.cipher, /^ECDHE-.*(GCM|CHACHA20)/);
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
  await assert.rejects(handshake(stage, 'a.localhost', old), /alert protocol version|unsupported protocol|EPROTO/);
  const weak = { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:AES256-SHA:AES128-GCM-SHA256' } as const;
  await assert.rejects(handshake(stage, 'b.example', weak), /handshake failure|EPROTO/);
  for (const file of readdirSync(join(stage.home, 'haproxy/certificates'))) {
    assert.equal(statSync(join(stage.home, 'haproxy/certificates', file)).mode & 0o777, 0o600, file);
  }
});

test('a wildcard file serves the hosts below it, and a route without a host the names of its file', async () => {
  await using stage = await setStage();
  const web = await stage.start('web');
  const [star, other] = [fileTls(stage, 'star'), fileTls(stage, 'other')];
  lay(star, await issue(['*.b.example']));
  lay(other, await issue(['c.example', '*.c.example']));
  const anyOfC: Partial<Route> = {
    ...{ name: 'c', entries: ['https'], tls: other },
    match: { kind: 'host-regexp', pattern: '^(.+[.])?c[.]example$' },
  };
  const routes = [secure('*.b.example', star), secure('a.b.example', { kind: 'self-signed' }), anyOfC];
  await stage.balancer.apply(tableOf({ servers: [web.server()], routes }));
  const names = async (name: string) => (await handshake(stage, name)).names;
  for (const name of ['a.b.example', 'z.b.example']) assert.equal(await names(name), 'DNS:*.b.example', name);
  for (const name of ['c.example', 'x.c.example']) assert.equal(await names(name), 'DNS:c.example, DNS:*.c.example');
  for (const name of ['b.example', 'z.a.b.example']) assert.equal(await names(name), 'DNS:localhost', name);
  assert.deepEqual(
    stage.balancer.certificates().map((one) => [one.host, one.source, one.projects]),
    [
      [undefined, 'self-signed', []],
      ['c.example', 'file', ['p']],
      ['*.b.example', 'file', ['p']],
    ],
  );
});

test('HSTS is sent over HTTPS, on errors too, and HTTP/2 carries requests', async () => {
  await using stage = await setLabelledStage({ route: { tls: true, security: true } });
  const get = (): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const session = connectHttp2(`https://${stage.address}:${stage.httpsPort}`, {
        servername: 'a.localhost',
        rejectUnauthorized: false,
      });
      session.on('error', reject);
      const stream = session.request({ ':path': '/', ':authority': 'a.localhost' });
      stream.on('response', (headers) => {
        resolve({ ...headers });
        stream.resume();
        stream.on('end', () => session.close());
      });
    });
  const answer = await get();
  assert.equal(answer[':status'], 200);
  assert.match(String(answer['strict-transport-security']), /^max-age=31536000/);
  await stage.serve([]);
  const error = await get();
  assert.equal(error[':status'], 503);
  assert.match(String(error['strict-transport-security']), /^max-age=31536000/);
});

test('a changed certificate file is put into service without a reload; a broken one is not', {
  timeout: 120_000,
}, async () => {
  await using stage = await setStage();
  const web = await stage.start('web');
  const tls = fileTls(stage, 'a');
  const ca = await makeAuthority();
  const [first, second, third] = await Promise.all([1, 2, 3].map(() => issue(['a.example'], { ca })));
  assert.ok(first && second && third);
  lay(tls, first);
  const table = tableOf({ servers: [web.server()], routes: [secure('a.example', tls)] });
  await stage.balancer.apply(table);
  const before = (await handshake(stage, 'a.example')).serial;
  const serving = await workers(stage);
  const serial = async () => (await handshake(stage, 'a.example')).serial;
  const another = (than: string) => async () => {
    const now = await serial();
    return now === than ? undefined : now;
  };

  lay(tls, second);
  const next = await until('the new certificate', another(before));
  assert.equal(await workers(stage), serving, 'no worker was replaced');

  // Torn, and the key of another: what was there stays, and it is said.
  writeFileSync(tls.certificate, second.certificate.slice(0, 300));
  const problem = await until('a word about it', async () => stage.balancer.certificates()[1]?.problem);
  assert.match(say(problem, 'en'), /certificate of a\.example in .*a\.crt cannot be used/);
  writeFileSync(tls.certificate, third.certificate);
  await until('another word', async () => {
    const now = stage.balancer.certificates()[1]?.problem;
    return now !== undefined && /another certificate/.test(say(now, 'en')) ? now : undefined;
  });
  assert.equal(await serial(), next);
  assert.match(say(problem, 'es'), /no se puede usar/);
  // Also a proxy that starts anew meanwhile has it.
  await stage.balancer.stop();
  await stage.balancer.apply(table);
  assert.equal(await serial(), next);

  // By way of links, as those who renew them do.
  const link = fileTls(stage, 'link');
  lay(tls, first);
  for (const part of ['certificate', 'key'] as const) symlinkSync(tls[part], link[part]);
  await stage.balancer.apply(tableOf({ servers: [web.server()], routes: [secure('a.example', link)] }));
  assert.equal(await serial(), before);
  const renewed = fileTls(stage, 'renewed');
  lay(renewed, third);
  for (const part of ['certificate', 'key'] as const) {
    unlinkSync(link[part]);
    symlinkSync(renewed[part], link[part]);
  }
  await until('the certificate behind the moved links', another(before));
  assert.equal(stage.balancer.certificates()[1]?.problem, undefined);
});

test('a certificate that its owner signed stays as long as its file is broken', async () => {
  await using stage = await setStage();
  const web = await stage.start('web');
  const tls = fileTls(stage, 'own');
  const own = await issue(['a.example'], { days: 20 });
  lay(tls, own);
  const table = tableOf({ servers: [web.server()], routes: [secure('a.example', tls)] });
  await stage.balancer.apply(table);
  const { serial } = await handshake(stage, 'a.example');
  writeFileSync(tls.certificate, own.certificate.slice(0, 300));
  await stage.balancer.apply(table);
  assert.equal((await handshake(stage, 'a.example')).serial, serial);
  const [, seen] = stage.balancer.certificates();
  assert.deepEqual([seen?.standIn, seen?.problem?.code], [false, 'CERTIFICATE_FILE']);
  assert.match(seen?.problem === undefined ? '' : say(seen.problem, 'es'), /no contiene ningún certificado/);
});

test('a file that was never there gives a self-signed certificate and a word, not an error', async () => {
  await using stage = await setStage();
  const web = await stage.start('web');
  const tls = fileTls(stage, 'none');
  await stage.balancer.apply(tableOf({ servers: [web.server()], routes: [secure('a.example', tls)] }));
  assert.equal((await handshake(stage, 'a.example')).names, 'DNS:a.example');
  const [, seen] = stage.balancer.certificates();
  assert.equal(seen?.standIn, true);
  assert.match(seen?.problem === undefined ? '' : say(seen.problem, 'en'), /ENOENT.*none/);
});

test('certificates are swapped under load of new and kept connections, and none is lost', {
  timeout: 120_000,
}, async () => {
  await using stage = await setStage();
  const web = await stage.start('web');
  const tls = fileTls(stage, 'a');
  const ca = await makeAuthority();
  const pairs = await Promise.all(Array.from({ length: 20 }, () => issue(['a.example'], { ca })));
  lay(tls, pairs[0] as Pair);
  const table: RouteTable = tableOf({ servers: [web.server()], routes: [secure('a.example', tls)] });
  await stage.balancer.apply(table);
  const serving = await workers(stage);
  const load = startLoad({
    ...{ address: stage.address, port: stage.httpsPort, tls: true, host: 'a.example' },
    workers: { fresh: 4, 'keep-alive': 2, post: 1 },
    pauseMs: { fresh: 0 },
  });
  const seen = new Set<string>();
  for (const pair of pairs) {
    lay(tls, pair);
    assert.deepEqual(await stage.balancer.apply(table), { reloaded: false });
    seen.add((await handshake(stage, 'a.example')).serial);
  }
  const report = await load.stop();
  assert.deepEqual(report.failures, [], renderReport(report));
  assert.ok((report.byKind.fresh ?? 0) > 20, renderReport(report));
  assert.equal(seen.size, pairs.length, 'each certificate was presented at once');
  assert.equal(await workers(stage), serving);
  assert.doesNotMatch(readFileSync(join(stage.home, 'haproxy/haproxy.log'), 'utf8'), /PRIVATE KEY/);
});

test('a change that a dead daemon left open is no obstacle', async () => {
  await using stage = await setStage();
  const { ask } = await import('#adapters/haproxy/ask.ts');
  const web = await stage.start('web');
  const [a, b] = [fileTls(stage, 'a'), fileTls(stage, 'b')];
  const [first, second] = [await issue(['a.example', 'b.example']), await issue(['a.example', 'b.example'])];
  lay(a, first);
  lay(b, first);
  const table = tableOf({ servers: [web.server()], routes: [secure('a.example', a), secure('b.example', b)] });
  await stage.balancer.apply(table);
  const before = (await handshake(stage, 'b.example')).serial;
  const file = join(stage.home, 'haproxy/certificates/a.example.pem');
  const master = join(stage.home, 'haproxy/master.sock');
  const worker = /^(\d+)\s+worker/m.exec(await ask(master, 'show proc'))?.[1];
  assert.match(await ask(master, `@!${worker} set ssl cert ${file} <<\n${readFileSync(file, 'utf8')}`), /created/);
  lay(b, second);
  assert.deepEqual(await stage.balancer.apply(table), { reloaded: false });
  assert.notEqual((await handshake(stage, 'b.example')).serial, before);
});

test('certificates are swapped under streams of one HTTP/2 connection, and none is lost', async () => {
  await using stage = await setStage();
  const web = await stage.start('web');
  const tls = fileTls(stage, 'a');
  const pairs = await Promise.all(Array.from({ length: 10 }, () => issue(['a.example'])));
  lay(tls, pairs[0] as Pair);
  const table = tableOf({ servers: [web.server()], routes: [secure('a.example', tls)] });
  await stage.balancer.apply(table);
  const session = connectHttp2(`https://${stage.address}:${stage.httpsPort}`, {
    ...{ servername: 'a.example', rejectUnauthorized: false },
  });
  let ended = false;
  const statuses: unknown[] = [];
  const one = () =>
    new Promise<void>((resolve) => {
      const stream = session.request({ ':path': '/', ':authority': 'a.example' });
      stream.on('response', (headers) => statuses.push(headers[':status']));
      stream.on('error', (error) => statuses.push(error.message));
      stream.on('close', resolve).resume();
    });
  const asking = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (!ended) await one();
    }),
  );
  try {
    for (const pair of pairs) {
      lay(tls, pair);
      await stage.balancer.apply(table);
    }
  } finally {
    ended = true;
    await asking;
    session.close();
  }
  assert.ok(statuses.length > 20, `${statuses.length} requests`);
  assert.deepEqual([...new Set(statuses)], [200]);
});

test('a chain too long for the runtime socket comes by a reload', async () => {
  await using stage = await setStage();
  const web = await stage.start('web');
  const tls = fileTls(stage, 'a');
  const ca = await makeAuthority();
  const [small, big] = [await issue(['a.example'], { ca }), await issue(['a.example'], { ca })];
  lay(tls, small);
  const table = tableOf({ servers: [web.server()], routes: [secure('a.example', tls)] });
  await stage.balancer.apply(table);
  const before = (await handshake(stage, 'a.example')).serial;
  lay(tls, { ...big, certificate: big.certificate + ca.certificate.repeat(40) });
  assert.deepEqual(await stage.balancer.apply(table), { reloaded: true });
  assert.notEqual((await handshake(stage, 'a.example')).serial, before);
  const status = await new Promise((resolve, reject) => {
    const asked = {
      host: stage.address,
      port: stage.httpsPort,
      servername: 'a.example',
      headers: { host: 'a.example' },
    };
    request({ ...asked, rejectUnauthorized: false, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
  assert.equal(status, 200);
});
