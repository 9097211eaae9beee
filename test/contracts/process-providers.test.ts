import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CommandResult, InstanceSpec, ObservedInstance } from '#model/instance.ts';
import type { Service } from '#model/project.ts';
import type { GrantedFile } from '#model/spec.ts';
import { type ProcessStage, processStage, specOf } from '../support/process-stage.ts';
import { instanceOf, linesOf, never, observed, until } from './stage.ts';

const root = process.getuid?.() === 0;

interface Provided {
  readonly stage: ProcessStage;
  readonly instance: InstanceSpec;
  readonly running: ObservedInstance;
  inside(...command: string[]): Promise<CommandResult>;
}

interface Wishes {
  readonly service: Service;
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: readonly GrantedFile[];
}

/** Runs an image's server; tells why where this machine has none. */
function check(name: string, wishes: Wishes, act: (provided: Provided) => Promise<void>): void {
  test(`process: ${name}`, { timeout: 120_000, skip: root ? false : 'needs root' }, async (context) => {
    await using stage = await processStage();
    const missing = stage.runtime.missingPackages({ it: wishes.service });
    if (missing.length > 0) return context.skip(`needs apt-get install ${missing.join(' ')}`);
    const instance = await provide(stage, wishes);
    const running = await stage.runtime.start(instance, never);
    const inside = (...command: string[]) => stage.runtime.exec(stage.project.name, instance.id, command, 20_000);
    await act({ stage, instance, running, inside });
  });
}

async function provide(stage: ProcessStage, { service, environment = {}, files = [] }: Wishes): Promise<InstanceSpec> {
  const process = { command: undefined, cwd: '.', setup: [], env: {} };
  const request = { project: stage.project.name, directory: stage.project.directory, name: 'it', service, process };
  const source = await stage.runtime.resolveSource(request, never);
  const [port = 0] = source.ports;
  const endpoints = [{ port, protocol: 'tcp', because: 'well-known' }] as const;
  const spec = specOf({ name: 'it', service, environment, files, source, process, endpoints });
  await stage.runtime.prepare(spec, stage.project, () => undefined, never);
  return instanceOf(stage, spec, { volumes: { data: 'contract_data' } });
}

async function healthy({ inside, stage }: Provided, ...command: string[]): Promise<void> {
  await until(
    `${command.join(' ')} to pass`,
    async () => (await inside(...command)).code === 0 || undefined,
    60_000,
  ).catch(async (error: unknown) => {
    const lines = await linesOf(stage, { tail: 30 });
    throw new Error(`${String(error)}\n${lines.map((line) => line.text).join('\n')}`);
  });
}

async function stopped({ stage, instance }: Provided): Promise<void> {
  const outcome = await stage.runtime.stop(stage.project.name, instance.id, { signal: 'SIGTERM', graceMs: 15_000 });
  assert.equal(outcome.killed, false);
}

const dataVolume = (target: string): NonNullable<Service['volumes']> => [{ type: 'volume', source: 'data', target }];

check(
  'redis: the image’s own healthcheck and flags, its data in the volume',
  {
    service: {
      image: 'redis:7-alpine',
      command: ['redis-server', '--appendonly', 'yes', '--requirepass', 'pa$$ "word"'],
      volumes: dataVolume('/data'),
    },
    environment: { REDISCLI_AUTH: 'pa$$ "word"' },
  },
  async (redis) => {
    await healthy(redis, 'redis-cli', 'ping');
    const { inside, stage, running, instance } = redis;
    assert.equal((await inside('sh', '-c', 'redis-cli ping | grep PONG')).output, 'PONG\n');
    assert.equal((await inside('redis-cli', 'set', 'a', '1')).output, 'OK\n');
    assert.match((await inside('redis-cli', 'info', 'server')).output, new RegExp(`process_id:${running.pid}\\b`));
    assert.match((await inside('redis-cli', 'config', 'get', 'bind')).output, new RegExp(`${running.address}\n$`));
    assert.equal((await inside('redis-cli', 'config', 'get', 'dir')).output, 'dir\n/data\n');
    await stopped(redis);
    assert.ok(statSync(join(stage.home, 'volumes/contract_data/appendonlydir')).isDirectory());
    await stage.runtime.restart(stage.project.name, instance.id, never);
    await healthy(redis, 'redis-cli', 'ping');
    assert.equal((await inside('redis-cli', 'get', 'a')).output, '1\n');
  },
);

check(
  'redis: a shell command reaches the server at its own address',
  {
    service: { image: 'redis', entrypoint: ['sh', '-c'], command: ['exec redis-server --requirepass "$SECRET"'] },
    environment: { SECRET: 's3', REDISCLI_AUTH: 's3' },
  },
  async (redis) => {
    await healthy(redis, 'redis-cli', 'ping');
    const { output } = await redis.inside('redis-cli', 'config', 'get', 'bind');
    assert.match(output, new RegExp(`${redis.running.address}\n$`));
  },
);

const password = 'pa$$ \'w"ord\\';

check(
  'postgres: first start, restart, and the image’s healthcheck',
  {
    service: {
      image: 'postgres',
      command: ['postgres', '-c', 'max_connections=33'],
      volumes: dataVolume('/var/lib/postgresql/data'),
    },
    environment: { POSTGRES_USER: 'tienda', POSTGRES_DB: 'ventas', POSTGRES_PASSWORD_FILE: '/run/secrets/db' },
    files: [
      {
        kind: 'secret',
        target: '/run/secrets/db',
        content: Buffer.from(password).toString('base64'),
        mode: 0o444,
        uid: 0,
        gid: 0,
      },
    ],
  },
  async (postgres) => {
    const { inside, running, stage, instance } = postgres;
    await healthy(postgres, 'pg_isready', '-U', 'tienda', '-d', 'ventas', '-h', 'localhost');
    const sql = async (text: string): Promise<string> => {
      const { output } = await inside('psql', '-U', 'tienda', '-d', 'ventas', '-tAc', text);
      return output.trim();
    };
    assert.equal(await sql('show max_connections'), '33');
    assert.equal(await sql('show listen_addresses'), running.address);
    const overNetwork = (secret: string) =>
      inside(
        'env',
        `PGPASSWORD=${secret}`,
        'psql',
        '-h',
        running.address ?? '',
        '-U',
        'tienda',
        'ventas',
        '-tAc',
        'select 6*7',
      );
    assert.equal((await overNetwork(password)).output, '42\n');
    assert.match((await overNetwork('wrong')).output, /password authentication failed/);
    await sql("create table clientes (nombre text); insert into clientes values ('Ñandú')");
    assert.match(
      readFileSync(`/proc/${running.pid}/comm`, 'utf8'),
      /^postgres/,
      'the server itself, no shell around it',
    );
    await stopped(postgres);
    assert.equal((await observed(stage, instance.id))?.exit?.code, 0, 'a fast shutdown, not a kill');
    await stage.runtime.restart(stage.project.name, instance.id, never);
    await healthy(postgres, 'pg_isready', '-U', 'tienda');
    assert.equal(await sql('select nombre from clientes'), 'Ñandú');
  },
);

test('process: postgres: initialisation scripts run once, and half a cluster is made anew', {
  timeout: 120_000,
  skip: root ? false : 'needs root',
}, async (context) => {
  await using stage = await processStage();
  const scripts = join(stage.project.directory, 'init');
  mkdirSync(scripts);
  writeFileSync(join(scripts, '1-schema.sql'), 'create table t (a int); insert into t values (1);');
  writeFileSync(
    join(scripts, '2-more.sh'),
    'psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "insert into t values (2)"\n',
  );
  writeFileSync(join(scripts, '3-broken.sql'), 'this is no sql;');
  for (const path of [stage.project.directory, scripts]) chmodSync(path, 0o755);
  const service: Service = {
    image: 'postgres',
    volumes: [
      ...dataVolume('/var/lib/postgresql/data'),
      { type: 'bind', source: scripts, target: '/docker-entrypoint-initdb.d', read_only: true },
    ],
  };
  const missing = stage.runtime.missingPackages({ it: service });
  if (missing.length > 0) return context.skip(`needs apt-get install ${missing.join(' ')}`);
  const instance = await provide(stage, { service, environment: { POSTGRES_HOST_AUTH_METHOD: 'trust' } });
  const running = await stage.runtime.start(instance, never);
  const inside = (...command: string[]) => stage.runtime.exec(stage.project.name, instance.id, command, 20_000);
  const ended = await until(
    'the failed first start',
    async () => {
      const now = await observed(stage, instance.id);
      return now?.state === 'exited' ? now : undefined;
    },
    60_000,
  );
  assert.notEqual(ended.exit?.code, 0);
  assert.ok((await linesOf(stage)).some((line) => /syntax error/.test(line.text)));
  rmSync(join(scripts, '3-broken.sql'));
  await stage.runtime.restart(stage.project.name, instance.id, never);
  await healthy({ stage, instance, running, inside }, 'pg_isready', '-U', 'postgres', '-h', 'localhost');
  const { output } = await inside('psql', '-U', 'postgres', '-tAc', 'select sum(a), count(*) from t');
  assert.equal(output, '3|2\n');
});

check(
  'postgres: without a password it says what is missing',
  { service: { image: 'postgres' } },
  async ({ stage, instance }) => {
    await until('its end', async () => (await observed(stage, instance.id))?.state === 'exited' || undefined, 30_000);
    assert.ok((await linesOf(stage)).some((line) => line.text.includes('POSTGRES_PASSWORD')));
  },
);
