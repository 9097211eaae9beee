import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { appProject } from '../support/app-project.ts';
import { endOf } from '../support/events.ts';
import { freshHome } from '../support/home.ts';

/** Answers with its address; fails from `/turn-ill` on, except when asked for its health, until `/turn-well`. */
const server = `
import { createServer } from 'node:http';
const { HOST, PORT } = process.env;
let ill = false;
createServer(({ url }, answer) => {
  if (url.startsWith('/turn-')) ill = url === '/turn-ill';
  answer.statusCode = url !== '/health' && ill ? 500 : 200;
  answer.end(HOST);
}).listen(PORT, HOST);
process.on('SIGTERM', () => process.exit(0));
`;

interface Got {
  readonly status: number;
  readonly body: string;
}

test('an instance that fails where its siblings do not gets nothing new for a while, and is let back in', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  writeFileSync(join(app.folder, 'server.mjs'), server);
  const deployed = await app.deploy({
    replicas: 3,
    // With no other bound, only that the last one stays is left to keep somebody in.
    route: 'outliers: { consecutive: 4, pause: 4s, maxPause: 20s, maxShare: 1 }',
  });
  assert.equal(endOf(deployed).state, 'succeeded', deployed.stdout);

  const get = (host: string, port: number, path: string, more: RequestOptions = {}) =>
    new Promise<Got>((resolve, reject) => {
      const sent = request({ host, port, path, agent: false, headers: { host: app.host }, ...more }, (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (text: string) => {
          body += text;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      });
      sent.on('error', reject);
      sent.end();
    });
  const ask = () => get('127.0.0.1', home.httpPort, '/');
  const instances = async () => (await home.status(app.name)).services[0]?.instances ?? [];
  const askUntil = async (isThere: () => Promise<boolean>, what: string) => {
    const end = Date.now() + 30_000;
    while (!(await isThere())) {
      if (Date.now() > end) throw new Error(`not within 30 s: ${what}: ${JSON.stringify(await instances())}`);
      for (let n = 0; n < 12; n++) await ask();
    }
  };

  const victim = (await instances())[1];
  assert.ok(victim?.address !== undefined);
  await get(victim.address, 8080, '/turn-ill');
  await askUntil(async () => (await instances()).some((one) => one.outlier !== undefined), 'an outlier');
  const out = (await instances()).filter((one) => one.outlier !== undefined);
  assert.deepEqual(
    out.map((one) => one.id),
    [victim.id],
  );
  assert.match(JSON.stringify(out[0]?.outlier), /errors one after the other|%/);
  assert.equal(out[0]?.state, 'healthy', 'its probe is fine');
  const answers = await Promise.all(Array.from({ length: 30 }, ask));
  assert.deepEqual([...new Set(answers.map((one) => one.status))], [200], 'the others answer');
  assert.ok(!answers.some((one) => one.body === victim.address));
  assert.match((await home.ok(['status', '-p', app.name])).stdout, /gets nothing new until/);
  const page = (await get('', 0, '/metrics', { socketPath: join(home.dir, 'timonel.sock') })).body;
  assert.match(page, new RegExp(`^timonel_instance_outlier\\{.*instance="${victim.id}"\\} 1$`, 'm'));

  await get(victim.address, 8080, '/turn-well');
  await askUntil(async () => (await instances()).every((one) => one.outlier === undefined), 'everybody back');
  await askUntil(async () => (await ask()).body === victim.address, 'an answer of the one that was out');
  const told = (await home.ok(['events', 'web', '-p', app.name, '--lang', 'en'])).stdout;
  assert.match(
    told,
    new RegExp(`${victim.id} gets nothing new for [^]*: \\d+ (errors|%)[^]*${victim.id} gets requests again`),
  );

  const addresses = (await instances()).map((one) => one.address ?? '');
  for (const address of addresses) await get(address, 8080, '/turn-ill');
  const outNow = async () => (await instances()).filter((one) => one.outlier !== undefined).length;
  await askUntil(async () => (await outNow()) === 2, 'two of three out');
  for (let round = 0; round < 4; round++) {
    for (const got of await Promise.all(Array.from({ length: 40 }, ask)))
      assert.ok(got.status === 500 && addresses.includes(got.body), `the last one was taken out: ${got.status}`);
    assert.ok((await outNow()) <= 2);
  }
});
