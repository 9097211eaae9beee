import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { generate } from 'selfsigned';
import type { Backend, Route, RouteTable } from '#model/route.ts';
import { freshHome } from '../support/home.ts';
import type { TestInstance } from '../support/instance.ts';
import { tally, times } from '../support/labelled-stage.ts';
import { importCase, loadImported, parseNginxCase } from '../support/nginx-case.ts';
import { type Stage, setStage } from '../support/proxy-stage.ts';

/*
 * nginx files, imported and loaded, in a real proxy before counting upstreams: what the guides' nginx did, the routes do.
 */

type Answer = Parameters<Stage['start']>[1];

interface ImportedStage extends AsyncDisposable {
  readonly stage: Stage;
  /** The first instance of a service. */
  of(service: string): TestInstance;
}

/** A golden case behind a real proxy, with so many instances of each service. */
async function setImported(name: string, { instances = 1, answer }: { instances?: number; answer?: Answer } = {}) {
  const stage = await setStage();
  try {
    const golden = parseNginxCase(readFileSync(new URL(`../golden/nginx/${name}.txt`, import.meta.url), 'utf8'));
    const mounts = [{ from: stage.home, to: '/etc/nginx/ssl' }];
    const nginx = { name: 'nginx', aliases: [], ports: [80], published: [], isNginx: true, mounts };
    const { compose } = importCase({ files: golden.files, known: [...golden.known, nginx] });
    const { routes, problems } = loadImported(compose);
    assert.deepEqual(problems, []);
    const running = new Map<string, TestInstance[]>();
    for (const service of new Set(routes.map((one) => one.service))) {
      const ids = Array.from({ length: instances }, (_, n) => `${service}-r1-${n + 1}`);
      running.set(service, await Promise.all(ids.map((id) => stage.start(id, answer))));
    }
    await writeCertificate(stage.home, routes);
    await stage.balancer.apply(tableOf(routes, running));
    const of = (service: string) => running.get(service)?.[0] as TestInstance;
    return { stage, of, [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() } satisfies ImportedStage;
  } catch (error) {
    await stage[Symbol.asyncDispose]();
    throw error;
  }
}

async function writeCertificate(folder: string, routes: readonly Route[]): Promise<void> {
  if (routes.every((route) => route.tls.kind !== 'file')) return;
  const made = await generate([{ name: 'commonName', value: 'mesapartes.ejemplo.gob.pe' }], { keyType: 'ec' });
  writeFileSync(join(folder, 'fullchain.pem'), made.cert);
  writeFileSync(join(folder, 'privkey.pem'), made.private);
}

function tableOf(routes: readonly Route[], running: ReadonlyMap<string, readonly TestInstance[]>): RouteTable {
  const backends = routes.map(({ project, service, port }): Backend => {
    const servers = (running.get(service) ?? []).map((one) => one.server());
    const id = `${project}/${service}:${port}` as const;
    return { ...{ id, project, service, port, servers }, protocol: 'http', balance: 'roundrobin' };
  });
  return { backends: Object.fromEntries(backends.map((one) => [one.id, one])), listeners: [], routes };
}

/** Asks over HTTPS, as a browser that knows the host by name. */
function askSecure(
  stage: Stage,
  path: string,
  { body, host = 'mesapartes.ejemplo.gob.pe' }: { readonly body?: Buffer; readonly host?: string } = {},
): Promise<{ status: number; headers: NodeJS.Dict<unknown> }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: stage.address, port: stage.httpsPort, path, method: body === undefined ? 'GET' : 'POST' },
        ...{ headers: { host }, servername: host, rejectUnauthorized: false, agent: false },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
        answer.on('error', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

test('mesa-de-partes: HTTPS, its headers, its 10 MB and its API, as nginx had them', async () => {
  await using imported = await setImported('guide-mesa-tls');
  const { stage } = imported;
  const api = await askSecure(stage, '/api/v1/expedientes');
  assert.equal(api.status, 200);
  assert.equal(api.headers['strict-transport-security'], 'max-age=31536000; includeSubDomains');
  assert.equal(api.headers['x-frame-options'], 'SAMEORIGIN');
  assert.equal(api.headers['x-content-type-options'], 'nosniff');
  assert.equal(imported.of('backend').lastHeaders()['x-forwarded-proto'], 'https');
  const limit = 10 * 1024 * 1024;
  assert.equal((await askSecure(stage, '/api/', { body: Buffer.alloc(limit) })).status, 200);
  const tooLong = await askSecure(stage, '/api/', { body: Buffer.alloc(limit + 1) }).catch(() => ({ status: 413 }));
  assert.equal(tooLong.status, 413);
  assert.equal((await askSecure(stage, '/')).status, 404, 'static files were left out, and said to be');
  const plain = await stage.get('/api/x?y=1', { host: 'mesapartes.ejemplo.gob.pe' });
  assert.deepEqual(
    [plain.status, plain.headers.location],
    [308, `https://mesapartes.ejemplo.gob.pe:${stage.httpsPort}/api/x?y=1`],
  );
});

test('tramites: three backends share the requests, and a 502 is tried at another', async () => {
  const answer: Answer = (asked, response, id) => {
    // The second instance is broken; nobody should notice.
    if (id === 'backend-r1-2') response.statusCode = 502;
    response.end(`${id} ${asked.url}`);
  };
  await using imported = await setImported('guide-tramites-balancer', { instances: 3, answer });
  const answers = await times(60, (n) => imported.stage.get(`/tramites/${n}`));
  assert.deepEqual(tally(answers), { 200: 60 });
  const served = new Set(answers.map((one) => one.body.split(' ')[0]));
  assert.deepEqual([...served].toSorted(), ['backend-r1-1', 'backend-r1-3']);
});

test('paths: exact ones, expressions, ^~ and replaced paths reach the same service with the same path', async () => {
  const echo: Answer = (asked, response, id) => void response.end(`${id.split('-')[0]} ${asked.url}`);
  await using imported = await setImported('paths', { answer: echo });
  const asked = async (path: string) => (await imported.stage.get(path, { host: 'a.example' })).body;
  assert.equal(await asked('/'), 'web /');
  assert.equal(await asked('/ping'), 'web /status/ping');
  assert.equal(await asked('/ping/x'), 'web /ping/x');
  assert.equal(await asked('/img/a.pdf'), 'images /img/a.pdf');
  assert.equal(await asked('/a/b.PDF?x=1'), 'files /a/b.PDF?x=1');
  assert.equal(await asked('/v2/users/1'), 'api /users/1');
  assert.equal(await asked('/api/users?x=1'), 'api /v1/users?x=1');
  assert.equal(await asked('/old/a/b'), 'web /new/a/b');
  assert.equal(await asked('/shop/cart'), 'shop /cart');
});

test('redirects lead where nginx led, with the query', async () => {
  await using imported = await setImported('redirects');
  const { stage } = imported;
  const asked = async (path: string, host = 'a.example') => {
    const { status, headers } = await askSecure(stage, path, { host });
    return [status, headers.location, ...(headers['x-from'] === undefined ? [] : [headers['x-from']])];
  };
  assert.deepEqual(await asked('/x'), [200, undefined]);
  assert.deepEqual(await asked('/x?y=1', 'www.a.example'), [301, 'https://a.example/x?y=1', 'www']);
  assert.deepEqual(await asked('/inicio'), [302, 'https://a.example/', 'inicio']);
  assert.deepEqual(await asked('/blog/1?a=b'), [301, 'https://blog.example/blog/1?a=b']);
  assert.deepEqual(await asked('/carpeta/a/b?c=d'), [301, 'https://a.example/archivos/a/b?c=d']);
});

test('whoever nginx kept out stays out', async () => {
  await using imported = await setImported('access');
  const closed = await imported.stage.get('/.git/config', { host: 'a.example' });
  assert.equal(closed.status, 403);
  assert.equal((await imported.stage.get('/admin', { host: 'a.example' })).status, 403);
  assert.equal((await imported.stage.get('/stats', { host: 'a.example' })).status, 401);
  assert.equal((await imported.stage.get('/lost', { host: 'a.example' })).status, 403, 'closed, not open');
  assert.equal((await imported.stage.get('/sso', { host: 'a.example' })).status, 403, 'closed, not open');
  assert.equal((await imported.stage.get('/', { host: 'a.example' })).status, 200);
});

test('the command: standard input, a Compose file, JSON, a broken file, nothing to do', async () => {
  await using home = await freshHome();
  const file = join(home.dir, 'nginx.conf');
  writeFileSync(file, 'server { server_name a.x; location / { proxy_pass http://127.0.0.1:8001; } }\n');
  const compose = join(home.dir, 'compose.yaml');
  writeFileSync(compose, 'services:\n  api: { image: x, ports: ["8001:8000"] }\n');
  const matched = await home.cli(['import', 'nginx', file, '-f', compose, '--lang', 'en']);
  assert.equal(matched.code, 0, matched.stderr);
  assert.match(matched.stdout, /^ {2}api:\n {4}x-timonel:\n {6}route:\n/m);
  assert.match(matched.stdout, /port: 8000/);
  assert.match(matched.stderr, /nginx\.conf:1:.*the service now gets the Host/);
  const asJson = await home.cli(['import', 'nginx', file, '--json']);
  const told = JSON.parse(asJson.stdout) as { routes: { service: string }[]; findings: { code: string }[] };
  assert.equal(told.routes[0]?.service, 'app');
  assert.ok(told.findings.some((one) => one.code === 'NGINX_SERVICE_GUESSED'));
  writeFileSync(file, 'server { listen 80;\n');
  const broken = await home.cli(['import', 'nginx', file, '--lang', 'es']);
  assert.equal(broken.code, 2);
  assert.match(broken.stderr, /nginx\.conf:1:19 .*falta \}/);
  const missing = await home.cli(['import', 'nginx', join(home.dir, 'none.conf')]);
  assert.equal(missing.code, 2);
});
