import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ObservedInstance } from '#model/instance.ts';
import type { Service } from '#model/project.ts';
import { type ProcessStage, processStage } from '../support/process-stage.ts';
import { server } from './programs.ts';
import { difficultValues } from './runtime/surroundings.ts';
import { ask, instanceOf, never, said, stopNow, until } from './stage.ts';

const root = process.getuid?.() === 0;

/** What only root may do is tested only as root, and says so. */
function check(name: string, act: (stage: ProcessStage) => Promise<void>): void {
  const skip = root ? false : 'needs root';
  test(`process: ${name}`, { timeout: 60_000, skip }, async () => {
    await using stage = await processStage();
    await act(stage);
  });
}

async function startServer(stage: ProcessStage, attributes: Partial<Service> = {}, environment = {}) {
  const spec = await stage.service(server, { attributes, environment });
  const running = await stage.runtime.start(instanceOf(stage, spec), never);
  await ask(running, 'pid');
  return running;
}

function status({ pid }: ObservedInstance, field: string): string {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? '';
}

async function inside(stage: ProcessStage, ...command: string[]): Promise<string> {
  const { output } = await stage.runtime.exec(stage.project.name, 'web-r1-1', command, 10_000);
  return output.trim();
}

check('the environment is exactly what was given and what is documented', async (stage) => {
  const running = await startServer(stage, {}, difficultValues);
  const bytes = readFileSync(`/proc/${running.pid}/environ`);
  const added = {
    HOME: '/root',
    HOST: running.address ?? '',
    PORT: '5000',
    INSTANCE_ID: running.id,
    RELEASE: '1',
    TIMONEL_PROJECT: stage.project.name,
    TIMONEL_SERVICE: 'web',
  };
  const seen = bytes
    .toString('utf8')
    .split('\0')
    .filter((entry) => !entry.startsWith('PATH='));
  const expected = Object.entries({ ...added, ...difficultValues }).map(([name, value]) => `${name}=${value}`);
  assert.deepEqual(seen.slice(0, -1).toSorted(), expected.toSorted());
});

check('it is the real process: leader of its session, nothing inherited, nothing ignored', async (stage) => {
  const running = await startServer(stage);
  const { pid } = running;
  assert.equal(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), 'node\0main.js\0');
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  assert.deepEqual(fields.slice(2, 4), [String(pid), String(pid)], 'process group and session');
  const files = readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  const ours = files.filter((path) => path.startsWith('/') && !path.startsWith('/dev/') && !path.startsWith('/proc/'));
  assert.deepEqual(
    ours.map((path) => path.split('/').at(-1)),
    ['stdout', 'stderr'],
  );
  const children = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,args=']).toString();
  assert.doesNotMatch(children, /launcher|unshare|nsenter/);
});

check('no signal is ignored that Node ignores for itself', async (stage) => {
  const spec = await stage.service('', { attributes: {} });
  const plain = { ...spec, process: { ...spec.process, command: ['sleep', '60'] } };
  const running = await stage.runtime.start(instanceOf(stage, plain), never);
  await until('sleep', () => readFileSync(`/proc/${running.pid}/comm`, 'utf8') === 'sleep\n' || undefined);
  assert.equal(BigInt(`0x${status(running, 'SigIgn')}`), 0n);
});

check('user, groups, limits, host name and capabilities are the file’s', async (stage) => {
  const running = await startServer(stage, {
    user: '4242:4343',
    group_add: ['4444'],
    hostname: 'certificados',
    ulimits: { nofile: { soft: 512, hard: 1024 } },
    cap_drop: ['ALL'],
    oom_score_adj: 300,
  });
  assert.match(status(running, 'Uid'), /^4242\t4242/);
  assert.match(status(running, 'Gid'), /^4343\t4343/);
  assert.equal(status(running, 'Groups').trim(), '4444');
  assert.equal(BigInt(`0x${status(running, 'CapBnd')}`), 0n);
  assert.equal(await inside(stage, 'sh', '-c', 'ulimit -Sn; ulimit -Hn'), '512\n1024');
  assert.equal(readFileSync(`/proc/${running.pid}/oom_score_adj`, 'utf8').trim(), '300');
  assert.equal(await inside(stage, 'hostname'), 'certificados');
  assert.equal(await inside(stage, 'id', '-u'), '4242', 'and so is a command inside');
});

test('process: the kernel does not spare an instance because systemd has it spare the daemon', async (context) => {
  const own = '/proc/self/oom_score_adj';
  const before = readFileSync(own, 'utf8');
  try {
    writeFileSync(own, '-500');
  } catch (error) {
    return context.skip(`this machine lets nobody be spared: ${(error as Error).message}`);
  }
  try {
    await using stage = await processStage();
    const running = await startServer(stage);
    assert.equal(readFileSync(`/proc/${running.pid}/oom_score_adj`, 'utf8').trim(), '0');
  } finally {
    writeFileSync(own, before);
  }
});

check('root in an instance has no more than root in a container', async (stage) => {
  const running = await startServer(stage);
  assert.notEqual(spawnSync('true').status, null);
  assert.match(
    await inside(stage, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'),
    /permission denied|not permitted|must be superuser/i,
  );
  assert.equal(status(running, 'CapEff'), status(running, 'CapBnd'));
});

check('of the home an instance sees only its own', async (stage) => {
  const spec = await stage.service(server);
  const [one, two] = [instanceOf(stage, spec), instanceOf(stage, spec, { number: 2 })];
  for (const instance of [one, two]) await ask(await stage.runtime.start(instance, never), 'pid');
  const seen = await inside(stage, 'find', stage.home, '-name', '*.json');
  assert.equal(seen, '');
  assert.equal(await inside(stage, 'ls', join(stage.home, 'projects', stage.project.name, 'instances')), 'web-r1-1');
});

check('what an instance writes over its code is its own', async (stage) => {
  const spec = await stage.service(server);
  const [first, second] = [
    await stage.runtime.start(instanceOf(stage, spec), never),
    await stage.runtime.start(instanceOf(stage, spec, { number: 2 }), never),
  ];
  const folder = await inside(stage, 'pwd');
  assert.equal(await ask(first, `write${folder}/written.txt`), 'written');
  assert.equal(await ask(second, `file${folder}/written.txt`), 'ENOENT');
  assert.equal(existsSync(join(folder, 'written.txt')), false, 'the snapshot itself');
});

check('read_only, tmpfs and shm_size', async (stage) => {
  await startServer(stage, { read_only: true, tmpfs: ['/timonel-scratch:size=1m,mode=700'], shm_size: '2097152' });
  assert.match(await inside(stage, 'touch', '/etc/x', '/tmp/x', 'x'), /(Read-only file system[\s\S]*){3}/);
  assert.match(await inside(stage, 'stat', '-f', '-c', '%b %S', '/timonel-scratch'), /^256 4096$/);
  assert.equal(await inside(stage, 'sh', '-c', 'echo hi > /timonel-scratch/x && cat /timonel-scratch/x'), 'hi');
  assert.match(await inside(stage, 'stat', '-f', '-c', '%b %S', '/dev/shm'), /^512 4096$/);
});

check('working_dir is where the code is, as in the image', async (stage) => {
  await startServer(stage, { working_dir: '/timonel-app' });
  assert.equal(await inside(stage, 'pwd'), '/timonel-app');
  assert.match(await inside(stage, 'ls', '/timonel-app'), /main\.js/);
});

check('a device stands where it is asked for, and uts: host keeps the machine’s name', async (stage) => {
  const devices = [{ source: '/dev/null', target: '/dev/timonel-null', permissions: 'rwm' }];
  await startServer(stage, { devices, uts: 'host' });
  assert.match(await inside(stage, 'stat', '-c', '%F %t %T', '/dev/timonel-null'), /^character special file 1 3$/);
  assert.equal(await inside(stage, 'hostname'), hostname());
});

check('the machine is as before once the instance is removed', async (stage) => {
  const target = '/timonel-untouched/deep/data';
  const before = readFileSync('/etc/hosts', 'utf8');
  const volumes = [{ type: 'volume', source: 'data', target }];
  const files = [
    { kind: 'secret', target: '/timonel-untouched/key', content: 'aGk=', mode: 0o400, uid: 0, gid: 0 },
  ] as const;
  const spec = await stage.service(server, { attributes: { volumes }, files });
  const instance = instanceOf(stage, spec, { volumes: { data: 'contract_data' } });
  const running = await stage.runtime.start(instance, never);
  assert.equal(await ask(running, `write${target}/a`), 'written');
  assert.deepEqual(readdirSync(target), [], 'an empty mount point and no more');
  await stage.runtime.stop(stage.project.name, instance.id, stopNow);
  await stage.runtime.remove(stage.project.name, instance.id);
  assert.equal(existsSync('/timonel-untouched'), false);
  assert.equal(readFileSync('/etc/hosts', 'utf8'), before);
  const groups = readdirSync('/sys/fs/cgroup', { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.includes(`${stage.project.name}.web-r1-1`),
  );
  assert.deepEqual(
    groups.filter((path) => path.includes(digestOf(stage.home))),
    [],
  );
});

function digestOf(home: string): string {
  return execFileSync('sha256sum', { input: home }).toString().slice(0, 8);
}

check('lost names come back', async (stage) => {
  const spec = await stage.service(server);
  const running = await stage.runtime.start(instanceOf(stage, spec, { hosts: { db: '127.44.0.1' } }), never);
  assert.equal(await ask(running, 'dns/db'), '127.44.0.1');
  // What happens to the mount when the machine's /etc/hosts is replaced by a new file.
  execFileSync('nsenter', ['-m', '-t', String(running.pid), 'umount', '/etc/hosts']);
  assert.notEqual(await ask(running, 'dns/db'), '127.44.0.1');
  await stage.reopen();
  await stage.runtime.observe();
  await until('the name', async () => (await ask(running, 'dns/db')) === '127.44.0.1' || undefined);
});

check('a healthcheck written for a container asks this instance', async (stage) => {
  const running = await startServer(stage);
  const pid = await ask(running, 'pid');
  for (const command of [
    ['curl', '-fsS', 'http://localhost:5000/pid'],
    ['curl', '-fsS', 'http://127.0.0.1:5000/pid'],
    ['sh', '-c', 'wget -qO- http://localhost:5000/pid || exit 1'],
    ['node', '-e', 'fetch("http://localhost:5000/pid").then((r) => r.text()).then(console.log)'],
  ]) {
    assert.equal(await inside(stage, ...command), pid, command.join(' '));
  }
});

check('a command that does not exist ends with a reason in its log', async (stage) => {
  const spec = await stage.service('');
  const broken = { ...spec, process: { ...spec.process, command: ['no-such-program', '--flag'] } };
  await stage.runtime.start(instanceOf(stage, broken), never);
  const line = await said(stage, 'no-such-program');
  assert.match(line.text, /No such file or directory/);
  const [after] = await until('the end', async () => {
    const all = await stage.runtime.observe();
    return all[0]?.state === 'exited' ? all : undefined;
  });
  assert.equal(after?.exit?.code, 127);
});

check('unknown users, changed code and missing folders are refused with their reason', async (stage) => {
  const start = async (attributes: Partial<Service>) => {
    const spec = await stage.service(server, { attributes });
    return stage.runtime.start(instanceOf(stage, spec), never);
  };
  await assert.rejects(start({ user: 'nobody-we-know' }), { code: 'RUNTIME_USER_UNKNOWN' });
  assert.deepEqual(
    (await stage.runtime.observe()).map((one) => one.state),
    ['created'],
  );
  await stage.runtime.remove(stage.project.name, 'web-r1-1');
  const spec = await stage.service(server);
  rmSync(join(stage.home, 'projects', stage.project.name, 'sources'), { recursive: true });
  await assert.rejects(stage.runtime.start(instanceOf(stage, spec), never), { code: 'RUNTIME_NOT_PREPARED' });
  writeFileSync(join(stage.project.directory, 'web/main.js'), '// changed');
  await assert.rejects(
    stage.runtime.prepare(spec, stage.project, () => undefined, never),
    { code: 'RUNTIME_CONTEXT_CHANGED' },
  );
  assert.deepEqual(readdirSync(join(stage.home, 'projects', stage.project.name, 'sources')), []);
});

check('a home below a closed folder works for other users too', async (stage) => {
  // The stage's folder is 0700 and ours: user 4242 could not even pass through it.
  const data = join(stage.project.directory, 'data');
  mkdirSync(data, { mode: 0o777 });
  const running = await startServer(stage, {
    user: '4242',
    volumes: [{ type: 'bind', source: data, target: '/timonel-data' }],
  });
  assert.match(await ask(running, 'file/timonel-data/none'), /ENOENT/);
  assert.match(await inside(stage, 'ls'), /main\.js/);
});
