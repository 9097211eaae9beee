import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Service } from '#model/project.ts';
import { instanceOf, never, observed, said, stopNow, until } from '../contracts/stage.ts';
import { startEngine, type TestEngine, whyNoEngine } from '../support/docker.ts';
import { type DockerStage, dockerStage } from '../support/docker-stage.ts';

const reason = whyNoEngine();
let engine: Promise<TestEngine> | undefined;
after(async () => (await engine)?.[Symbol.asyncDispose]());

function check(name: string, act: (stage: DockerStage, engine: TestEngine) => Promise<void>): void {
  test(name, { skip: reason ?? false, timeout: 60_000 }, async () => {
    engine ??= startEngine();
    await using stage = await dockerStage(await engine);
    await act(stage, await engine);
  });
}

const staying = ['sh', '-c', 'trap "echo bye; exit 0" TERM; echo ready; while true; do sleep 0.1; done'];

/** Starts an instance of a service; `inside` gives what a command in it prints. */
async function started(stage: DockerStage, engine: TestEngine, name: string, service: Service, files = []) {
  const all = { image: engine.shellImage(), command: staying, networks: { default: null }, ...service };
  if (all.network_mode !== undefined) delete (all as { networks?: unknown }).networks;
  const spec = await stage.made(name, all, { files });
  const instance = instanceOf(stage, spec, { volumes: { data: `${stage.project.name}_data` } });
  const running = await stage.runtime.start(instance, never);
  const inside = async (...command: string[]) => {
    const result = await stage.runtime.exec(stage.project.name, instance.id, command, 10_000);
    return result.output.trim();
  };
  const inspect = (format: string) => engine.docker('inspect', '-f', format, running.container ?? '');
  return { running, inside, inspect };
}

check('the container is what the service says, seen from inside', async (stage, engine) => {
  const profile = join(stage.project.directory, 'seccomp.json');
  writeFileSync(profile, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW' }));
  writeFileSync(join(stage.project.directory, 'shown'), 'shown');
  const { inside, inspect } = await started(stage, engine, 'web', {
    user: '1000:1000',
    group_add: ['44'],
    working_dir: '/tmp',
    hostname: 'front',
    init: true,
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true', `seccomp=${profile}`],
    sysctls: { 'net.core.somaxconn': '777' },
    ulimits: { nofile: { soft: 100, hard: 200 } },
    extra_hosts: ['printer=10.1.2.3'],
    dns: ['10.9.9.9'],
    shm_size: '2097152',
    tmpfs: ['/scratch:size=1m'],
    volumes: [
      { type: 'bind', source: './shown', target: '/shown', read_only: true },
      { type: 'tmpfs', target: '/t', tmpfs: { size: '1048576' } },
    ],
    deploy: { resources: { limits: { memory: '67108864', cpus: '0.5', pids: 50 } } },
    stop_grace_period: '90s',
  });
  assert.equal(await inside('id'), 'uid=1000 gid=1000 groups=1000,44');
  assert.equal(await inside('hostname'), 'front');
  assert.equal(
    await inside('sh', '-c', 'pwd; ulimit -n; cat /proc/sys/net/core/somaxconn /shown'),
    '/tmp\n100\n777\nshown',
  );
  assert.match(await inside('getent', 'hosts', 'printer'), /^10\.1\.2\.3/);
  assert.match(await inside('cat', '/etc/resolv.conf'), /nameserver/);
  assert.match(await inside('sh', '-c', 'echo x > /file'), /Read-only/);
  assert.match(await inside('cat', '/proc/mounts'), /\/scratch tmpfs[^\n]*size=1024k/);
  assert.match(await inside('cat', '/proc/1/cmdline'), /init/);
  assert.match(
    await inside('grep', '-E', 'CapEff|NoNewPrivs|Seccomp:', '/proc/1/status'),
    /CapEff:\s0+\nNoNewPrivs:\s1\nSeccomp:\s2/,
  );
  const limits = '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}} {{.HostConfig.ShmSize}}';
  assert.equal(inspect(limits), '67108864 500000000 50 2097152');
  assert.equal(
    inspect('{{.HostConfig.LogConfig.Config}} {{.HostConfig.RestartPolicy.Name}}'),
    'map[max-file:3 max-size:10m] no',
  );
});

check('files of secrets belong to whom the file says, and stay out of sight on the host', async (stage, engine) => {
  const file = { kind: 'secret', target: '/run/secrets/key', content: Buffer.from('s3cret').toString('base64') };
  const files = [{ ...file, mode: 0o440, uid: 1000, gid: 1000 }] as never[];
  const { inside, running } = await started(stage, engine, 'web', { user: '1000:1000' }, files);
  assert.equal(await inside('cat', '/run/secrets/key'), 's3cret');
  assert.equal(await inside('stat', '-c', '%a %u %g', '/run/secrets/key'), '440 1000 1000');
  assert.ok(!engine.docker('inspect', running.container ?? '').includes('s3cret'));
});

check('hooks run inside: after the start, and before the stop', async (stage, engine) => {
  const { running } = await started(stage, engine, 'web', {
    post_start: [{ command: ['sh', '-c', 'echo "hook $WHAT" > /proc/1/fd/1'], environment: { WHAT: 'after' } }],
    pre_stop: [{ command: ['sh', '-c', 'echo hook before > /proc/1/fd/1'] }],
  });
  await said(stage, 'hook after');
  await stage.runtime.stop(stage.project.name, running.id, stopNow);
  const { time } = await said(stage, 'hook before');
  assert.ok(time <= (await said(stage, 'bye')).time);
  const failing = started(stage, engine, 'bad', { post_start: [{ command: ['false'] }] });
  await assert.rejects(failing, { code: 'DOCKER_HOOK_FAILED' });
});

check('a service can share the network, the processes and the volumes of another', async (stage, engine) => {
  const model = { name: stage.project.name, services: {}, volumes: { data: null } };
  await stage.runtime.ensureProject(model, stage.project);
  const volumes = [{ type: 'volume', source: 'data', target: '/data' }];
  const first = await started(stage, engine, 'main', { volumes });
  await first.inside('sh', '-c', 'echo kept > /data/file');
  const shared: Service = { network_mode: 'service:main', pid: 'service:main', volumes_from: ['main:ro'] };
  const second = await started(stage, engine, 'helper', shared);
  assert.equal(second.running.address, first.running.address);
  assert.equal(await second.inside('cat', '/data/file'), 'kept');
  assert.match(await second.inside('sh', '-c', 'echo x > /data/file'), /Read-only/);
  assert.equal(await second.inside('hostname'), await first.inside('hostname'));
  const alone = started(stage, engine, 'lost', { network_mode: 'service:nobody' });
  await assert.rejects(alone, { code: 'DOCKER_COMPANION_MISSING' });
});

check('an end for want of memory is told as one', async (stage, engine) => {
  const command = ['sh', '-c', 'x=aaaaaaaaaa; while true; do x=$x$x; done'];
  const hungry = { command, mem_limit: '33554432', memswap_limit: '33554432' };
  const { running } = await started(stage, engine, 'web', hungry);
  const ended = await until('the end', async () => {
    const now = await observed(stage, running.id);
    return now?.state === 'exited' ? now : undefined;
  });
  assert.equal(ended.exit?.outOfMemory, true);
  assert.equal(ended.exit?.signal, 'SIGKILL');
});

check(
  'what cannot start is named, with the engine’s reason, and is no trap for the next try',
  async (stage, engine) => {
    const missing = () => started(stage, engine, 'web', { command: ['no-such-program'] });
    await assert.rejects(missing, { code: 'DOCKER_START_FAILED', message: /no-such-program.*not found/ });
    assert.equal((await observed(stage, 'web-r1-1'))?.state, 'exited');
    await assert.rejects(missing, { code: 'DOCKER_START_FAILED' });
    await stage.runtime.remove(stage.project.name, 'web-r1-1');
    assert.deepEqual(await stage.runtime.observe(stage.project.name), []);
    mkdirSync(join(stage.project.directory, 'made'));
    engine.docker(
      'run',
      '-d',
      '--network',
      'none',
      '--name',
      `${stage.project.name}-web-r1-1`,
      engine.shellImage(),
      'sleep',
      '60',
    );
    await assert.rejects(started(stage, engine, 'web', {}), { code: 'DOCKER_NAME_TAKEN' });
    engine.docker('rm', '-f', `${stage.project.name}-web-r1-1`);
  },
);
