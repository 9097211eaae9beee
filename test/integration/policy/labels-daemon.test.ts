import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { freshHome } from '../../support/home.ts';
import { until } from '../../support/until.ts';

/* What labels of several services say to each other, and to what watches the instances: only a whole project shows it. */

/** `/sick` makes the instance that answers it ill for two seconds, `/fails` is 503. */
const server = `
import { createServer } from 'node:http';
let sickUntil = 0;
createServer((request, response) => {
  if (request.url === '/sick') sickUntil = Date.now() + 2000;
  if (request.url === '/up' && request.headers['x-probe'] === 'yes' && Date.now() < sickUntil) response.statusCode = 500;
  if (request.url === '/fails') response.statusCode = 503;
  response.end(process.env.PAGES === undefined ? process.env.HOST : 'page ' + request.url);
}).listen(process.env.PORT, process.env.HOST);
`;

test('the errors and the health check of the labels', async (t) => {
  await using home = await freshHome();
  const folder = join(home.dir, 'project');
  mkdirSync(folder);
  writeFileSync(join(folder, 'server.mjs'), server);
  const label = 'traefik.http.services.web.loadbalancer';
  writeFileSync(
    join(folder, 'compose.yaml'),
    `name: health
services:
  web:
    build: .
    deploy: { replicas: 2 }
    labels:
      traefik.http.routers.web.rule: "Host(\`health.localhost\`)"
      traefik.http.routers.web.middlewares: sorry@docker
      ${label}.server.port: "8080"
      ${label}.healthcheck.path: /up
      ${label}.healthcheck.interval: 200ms
      ${label}.healthcheck.headers.X-Probe: "yes"
    x-timonel: { process: { command: [${process.execPath}, server.mjs] }, observe: 0s }
  pages:
    build: .
    environment: { PAGES: "1" }
    labels:
      - traefik.http.middlewares.sorry.errors.status=500-599
      - traefik.http.middlewares.sorry.errors.statusRewrites.503=500
      - traefik.http.middlewares.sorry.errors.service=pages-health
      - traefik.http.middlewares.sorry.errors.query=/{status}.html?{originalStatus}
    expose: ["8080"]
    x-timonel: { process: { command: [${process.execPath}, server.mjs] }, observe: 0s }
`,
  );
  await home.ok(['deploy', folder, '--json']);
  const asked = (path: string) =>
    new Promise<{ readonly status: number | undefined; readonly body: string }>((resolve, reject) => {
      const place = { host: '127.0.0.1', port: home.httpPort, path, headers: { host: 'health.localhost' } };
      get(place, async (answer) => resolve({ status: answer.statusCode, body: await text(answer) })).on(
        'error',
        reject,
      );
    });
  const ask = async (path = '/') => (await asked(path)).body;
  const seen = async (count: number) => {
    const answered = new Set<string>();
    for (let n = 0; n < 12; n++) answered.add(await ask());
    return answered.size === count ? answered : undefined;
  };
  await t.test('a page of the other service stands for what fails', async () => {
    assert.deepEqual(await asked('/fails'), { status: 500, body: 'page /500.html?503' });
  });
  await t.test('an ill instance is taken out of the rotation, and comes back', async () => {
    await until('both answer', () => seen(2));
    const sick = await ask('/sick');
    const left = await until('one is out', () => seen(1));
    assert.ok(!left.has(sick));
    await until('it is back', () => seen(2));
  });
});
