import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startEngine, type TestEngine, whyNoEngine } from '../support/docker.ts';
import { stageDocumentos } from '../support/docker-documentos.ts';
import { endOf, succeeded } from '../support/events.ts';
import { type CliResult, freshHome, type Home, root } from '../support/home.ts';
import type { LoadOptions } from '../support/load.ts';
import { withoutLoss } from '../support/without-loss.ts';

const reason = whyNoEngine();
let engine: Promise<TestEngine> | undefined;
after(async () => (await engine)?.[Symbol.asyncDispose]());

function check(name: string, act: (engine: TestEngine, home: Home, cli: Cli) => Promise<void>): void {
  test(name, { skip: reason ?? false, timeout: 900_000 }, async () => {
    engine ??= startEngine();
    const started = await engine;
    await using home = await freshHome();
    const env = { DOCKER_HOST: `unix://${started.socketPath}`, DOCKER_CONFIG: started.dir };
    const cli: Cli = async (...args) => {
      const result = await home.cli(args, { env });
      assert.equal(result.code, 0, `timonel ${args.join(' ')}\n${result.stdout.slice(-3000)}\n${result.stderr}`);
      return result;
    };
    try {
      await act(started, home, cli);
    } finally {
      await home.cli(['down', '--all', '-y'], { env });
    }
  });
}

type Cli = (...args: readonly string[]) => Promise<CliResult>;

check('documentos in containers: deploy, rollback and scale lose no request', async (engine, home, cli) => {
  const { folder, name, service, host } = stageDocumentos(engine, home.dir);
  const overlay = join(home.dir, 'overlay.yaml');
  const deploy = async (version: number) => {
    // What a new version is; and shorter waits than the guide's ten seconds.
    const text = `x-timonel: { observe: 1s }
services: { ${service}: { environment: ["APP_VERSION=${version}"], deploy: { update_config: { delay: 500ms } } } }
`;
    writeFileSync(overlay, text);
    const files = ['-f', join(folder, 'compose.yaml'), '-f', overlay];
    return endOf(await cli('deploy', ...files, '--runtime', 'docker', '--json'));
  };
  assert.equal((await deploy(1)).state, 'succeeded');
  const redis = engine.docker('ps', '-q', '--no-trunc', '--filter', 'label=com.docker.compose.service=redis');
  const load: LoadOptions = {
    ...{ address: '127.0.0.1', port: home.httpsPort, tls: true, host, clients: 20 },
    workers: { 'keep-alive': 2, think: 4, fresh: 4, post: 2, slow: 1, websocket: 1 },
    pauseMs: { 'keep-alive': 20, think: 40, fresh: 60, post: 60 },
    // A number of this range takes the upstream five seconds.
    path: (kind, n) => {
      if (kind === 'websocket') return '/api/v1/eventos';
      if (kind === 'slow') return `/api/v1/certificado/${700_000 + (n % 90_000)}/pdf`;
      return n % 4 === 0 ? `/api/v1/certificado/${1 + (n % 8)}/pdf` : '/api/v1/health/live';
    },
    expected: { post: 405 },
  };
  await withoutLoss(load, async () => {
    assert.equal((await deploy(2)).state, 'succeeded');
    succeeded(await cli('rollback', '-p', name, '--json'));
    await cli('scale', `${service}=3`, '-p', name, '--json');
  });
  const status = await home.status(name);
  assert.equal(status.state, 'healthy', JSON.stringify(status, null, 1));
  assert.equal(engine.docker('ps', '-q', '--no-trunc', '--filter', 'label=com.docker.compose.service=redis'), redis);
  assert.equal(
    engine.docker('ps', '-aq', '--filter', `label=com.docker.compose.service=${service}`).split('\n').length,
    3,
  );
});

/** Asks its neighbour by name for every request, over connections of its own that it keeps. */
const caller = `
import { Agent, createServer, request } from 'node:http';
const agent = new Agent({ keepAlive: true });
createServer((asked, answer) => {
  answer.setHeader('x-instance', process.env.INSTANCE_ID);
  if (asked.url === '/health') return answer.end('ok');
  request({ host: 'web', port: 8080, path: '/', agent }, (inner) => {
    answer.statusCode = inner.statusCode;
    inner.pipe(answer);
  })
    .on('error', (error) => answer.writeHead(502).end(error.message))
    .end();
}).listen(8081, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;

check(
  'a service that calls another by its name loses nothing while that one is deployed',
  async (engine, home, cli) => {
    const folder = join(home.dir, 'pair');
    mkdirSync(folder);
    copyFileSync(join(root, 'test/fixtures/app/server.mjs'), join(folder, 'server.mjs'));
    writeFileSync(join(folder, 'caller.mjs'), caller);
    writeFileSync(join(folder, 'Dockerfile'), `FROM ${engine.nodeImage()}\nWORKDIR /app\nCOPY *.mjs ./\n`);
    const write = (version: number) =>
      writeFileSync(
        join(folder, 'compose.yaml'),
        `name: pair
services:
  web:
    build: .
    command: [node, server.mjs]
    environment: { VERSION: "${version}", PORT: "8080", HOST: 0.0.0.0 }
    expose: ["8080"]
    deploy: { replicas: 2 }
    x-timonel: { probe: { http: /health, interval: 200ms }, observe: 1s }
  front:
    build: .
    command: [node, caller.mjs]
    ports: ["127.0.0.1:${home.httpPort + 7}:8081"]
    depends_on: { web: { condition: service_healthy } }
    x-timonel: { probe: { http: /health, interval: 200ms }, observe: 1s }
`,
      );
    write(1);
    await cli('deploy', folder, '--runtime', 'docker', '--json');
    const front = () => engine.docker('ps', '-q', '--no-trunc', '--filter', 'label=io.timonel.service=front');
    const before = front();
    const load: LoadOptions = {
      ...{ address: '127.0.0.1', port: home.httpPort + 7, host: 'front' },
      workers: { 'keep-alive': 2, think: 4, fresh: 4 },
    };
    await withoutLoss(load, async () => {
      for (const version of [2, 3]) {
        write(version);
        succeeded(await cli('deploy', folder, '--runtime', 'docker', '--json'));
      }
      await cli('restart', 'web', '-p', 'pair', '--json');
    });
    assert.equal(front(), before, 'the caller was left alone');
    assert.equal(engine.docker('images', '-q', 'timonel/pair').split('\n').length, 1, 'one context, one image');
  },
);
