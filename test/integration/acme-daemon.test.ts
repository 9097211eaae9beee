import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireCertificate } from '#daemon/contract.ts';
import { appProject } from '../support/app-project.ts';
import { endOf, eventsOf, succeeded } from '../support/events.ts';
import { handshake } from '../support/handshake.ts';
import { freshHome, type Home } from '../support/home.ts';
import { renderReport, startLoad } from '../support/load.ts';
import { acmeLines, type Pebble, startPebble } from '../support/pebble.ts';
import { until } from '../support/until.ts';

const host = 'tienda.example';

/** A project whose route orders a certificate for `host` from this authority. */
function shop(home: Home, pebble: Pebble) {
  const app = appProject(home, 'tienda');
  const deploy = (env: Readonly<Record<string, number>>) =>
    app.deploy({
      ...{ env, replicas: 1, file: acmeLines(pebble) },
      service: `labels:
  traefik.http.routers.tienda.rule: Host(\`${host}\`)
  traefik.http.routers.tienda.entrypoints: websecure
  traefik.http.routers.tienda.tls.certresolver: letsencrypt`,
    });
  return { ...app, deploy };
}

async function listed(home: Home): Promise<WireCertificate | undefined> {
  const all = JSON.parse((await home.ok(['certificates', '--json'])).stdout) as readonly WireCertificate[];
  return all.find((one) => one.host === host);
}

const placeOf = (home: Home) => ({ address: '127.0.0.1', httpsPort: home.httpsPort });

/** Every name is 127.0.0.1 in the authority's DNS; an address that answers nothing makes its orders fail. */
async function point(pebble: Pebble, address: string | undefined): Promise<void> {
  const path = address === undefined ? 'clear-a' : 'add-a';
  const body = JSON.stringify({ host: `${host}.`, ...(address === undefined ? {} : { addresses: [address] }) });
  await fetch(`${pebble.dnsControl}/${path}`, { method: 'POST', body });
}

test('a deployment does not wait for a certificate; a failed order is told, tried again, and renewed under load', {
  timeout: 300_000,
}, async () => {
  await using home = await freshHome();
  await using pebble = await startPebble({ httpPort: home.httpPort, validSeconds: 30 });
  await point(pebble, '127.99.99.99');
  const app = shop(home, pebble);
  const first = await app.deploy({ VERSION: 1 });
  assert.equal(endOf(first).state, 'succeeded', first.stdout + first.stderr);

  const failed = await until('the refusal to be told', async () => {
    const one = await listed(home);
    return one?.problem === undefined ? undefined : one;
  });
  assert.deepEqual([failed.source, failed.state, failed.projects], ['acme', 'stand-in', ['tienda']]);
  assert.equal(failed.problemCode, 'CERTIFICATE_ORDER_FAILED');
  assert.ok(failed.attempts >= 1 && failed.nextTry !== undefined);
  assert.equal((await handshake(placeOf(home), host)).names, `DNS:${host}`, 'a self-signed one serves');
  const status = await home.status('tienda');
  assert.equal(status.state, 'healthy');
  assert.deepEqual(
    status.warnings.map((one) => one.code),
    ['CERTIFICATE_PENDING', 'CERTIFICATE_ORDER_FAILED'],
  );
  const spanish = await home.ok(['certificates', '--lang', 'es']);
  assert.match(spanish.stdout, /tienda\.example\s+acme\s+autofirmado por ahora[\s\S]*no emitió ningún certificado/);

  // Nobody asks for it: the pause runs out.
  await point(pebble, undefined);
  const issued = await until('the certificate', async () => {
    const one = await listed(home);
    return one?.state === 'served' ? one : undefined;
  });
  assert.match(issued.issuer, /^Pebble/);
  assert.equal(issued.problem, undefined);
  assert.deepEqual((await home.status('tienda')).warnings, []);
  assert.match((await handshake(placeOf(home), host)).names, /tienda\.example/);

  // A new release orders nothing, and renewals lose nothing.
  const orders = pebble.orders();
  const { serial } = await handshake(placeOf(home), host);
  const load = startLoad({
    ...{ address: '127.0.0.1', port: home.httpsPort, tls: true, host },
    workers: { fresh: 3, 'keep-alive': 2 },
    path: () => '/',
  });
  try {
    succeeded(await app.deploy({ VERSION: 2 }));
    assert.ok(pebble.orders() <= orders + 1, 'a deployment is no reason to order');
    await until(
      'a renewed certificate',
      async () => ((await handshake(placeOf(home), host)).serial === serial ? undefined : true),
      90_000,
    );
  } finally {
    await load.stop();
  }
  const report = await load.stop();
  assert.deepEqual(report.failures, [], renderReport(report));
  assert.ok((report.byKind.fresh ?? 0) > 50, renderReport(report));
  const told = eventsOf(await home.ok(['events', '-p', 'tienda', '--json'])).map((one) => one.event);
  const certificates = [...new Set(told.filter((event) => event.startsWith('certificate-')))];
  assert.deepEqual(certificates, ['certificate-failed', 'certificate-issued', 'certificate-renewed']);
});

test('a daemon that dies during an order goes on with it, and does not order in a circle', {
  timeout: 180_000,
}, async () => {
  await using home = await freshHome();
  await using pebble = await startPebble({ httpPort: home.httpPort });
  await point(pebble, '127.99.99.99');
  const app = shop(home, pebble);
  succeeded(await app.deploy({ VERSION: 1 }));
  await until('an order', async () => (pebble.orders() > 0 ? true : undefined));
  for (let round = 0; round < 3; round += 1) {
    process.kill(home.daemonPid(), 'SIGKILL');
    await home.ok(['status', '-p', 'tienda']).catch(() => undefined);
  }
  const placed = pebble.orders();
  assert.ok(placed <= 4, `${placed} orders`);
  await point(pebble, undefined);
  await until('the certificate', async () => {
    await home.cli(['certificates', 'retry', host]);
    return (await listed(home))?.state === 'served' ? true : undefined;
  });
  assert.match((await handshake(placeOf(home), host)).names, /tienda\.example/);
  const unknown = await home.cli(['certificates', 'retry', 'other.example']);
  assert.notEqual(unknown.code, 0);
  assert.match(unknown.stderr, /no certificate is ordered for other\.example; for these: tienda\.example/);
});
