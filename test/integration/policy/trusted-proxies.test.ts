import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { appProject } from '../../support/app-project.ts';
import { succeeded } from '../../support/events.ts';
import { freshHome, type Home } from '../../support/home.ts';
import { inTurn, tally } from '../../support/labelled-stage.ts';

/* From what the user writes, in the file or in the daemon's environment, to whose word the real proxy takes. */

function ask(home: Home, host: string, client: string): Promise<{ readonly status: number }> {
  return new Promise((resolve, reject) => {
    const headers = { host, 'x-forwarded-for': client };
    const sent = request({ host: '127.0.0.1', port: home.httpPort, headers, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0 }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

const limited = {
  replicas: 1,
  service: `labels:
  traefik.http.routers.few.rule: "Host(\`few.localhost\`)"
  traefik.http.routers.few.middlewares: few
  traefik.http.middlewares.few.ratelimit.average: "1"
  traefik.http.middlewares.few.ratelimit.period: 1h
  traefik.http.middlewares.few.ratelimit.burst: "2"`,
};
const fiveClients = (home: Home) => inTurn(5, (n) => ask(home, 'few.localhost', `10.0.0.${n}`));

test('x-timonel.trustedProxies: believed after the deployment that says so, and no longer after the next', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  succeeded(await app.deploy(limited));
  assert.deepEqual(tally(await fiveClients(home)), { 200: 2, 429: 3 }, 'nobody is believed unasked');
  const trusting = { ...limited, file: 'x-timonel: { trustedProxies: [127.0.0.1] }' };
  succeeded(await app.deploy(trusting));
  assert.deepEqual(tally(await fiveClients(home)), { 200: 5 });
  succeeded(await home.ok(['rollback', '-p', app.name, '--json']));
  assert.ok((tally(await fiveClients(home))[429] ?? 0) >= 3, 'one client again');
});

test('TIMONEL_TRUSTED_PROXIES: the daemon remembers it', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  const env = { TIMONEL_TRUSTED_PROXIES: '127.0.0.0/8 192.0.2.7' };
  succeeded(await app.deploy(limited, { env }));
  assert.deepEqual(tally(await fiveClients(home)), { 200: 5 });
  await home.ok(['daemon', 'stop']);
  await home.ok(['daemon', 'start']);
  const others = await inTurn(3, (n) => ask(home, 'few.localhost', `10.0.1.${n}`));
  assert.deepEqual(tally(others), { 200: 3 });
});

test('everybody as a trusted proxy is refused, with its place', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  const result = await app.deploy(
    { ...limited, file: 'x-timonel: { trustedProxies: [0.0.0.0/0] }' },
    { args: ['--lang', 'en'] },
  );
  assert.equal(result.code, 2);
  assert.match(result.stdout, /trustedProxies.*addresses or ranges/);
});
