import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { appProject } from '../support/app-project.ts';
import { freshHome, root } from '../support/home.ts';

const cases = [
  { name: 'a missing file', file: undefined, says: /compose\.yaml/ },
  { name: 'invalid YAML', file: 'services:\n  web: [1, 2\n', says: /compose\.yaml:\d+:\d+/ },
  {
    name: 'an unknown service in depends_on',
    file: 'services:\n  web:\n    image: redis:7\n    depends_on: [nobody]\n',
    says: /nobody/,
  },
  {
    name: 'a required variable',
    file: 'services:\n  web:\n    image: redis:${TAG:?choose a tag}\n',
    says: /choose a tag/,
  },
  { name: 'an unknown key', file: 'services:\n  web:\n    imagen: redis:7\n', says: /compose\.yaml:3:5.*imagen/s },
  {
    name: 'an unknown x-timonel key',
    file: 'services:\n  web:\n    image: example/nothing:1\n    x-timonel: { strateg: rolling, process: { command: ./x } }\n',
    // Nor that nothing says what to run, only because `x-timonel` was not understood.
    says: /^(?!.*nothing says what to run).*did you mean strategy/s,
  },
  {
    name: 'a service that nothing here can run',
    file: 'services:\n  web:\n    image: example/nothing:1\n',
    says: /process/,
  },
];

for (const { name, file, says } of cases) {
  test(`${name}: exit 2, the place, and what to do`, async () => {
    await using home = await freshHome();
    const folder = appProject(home).folder;
    if (file !== undefined) writeFileSync(join(folder, 'compose.yaml'), file);
    const result = await home.cli(['deploy', folder, '--lang', 'en']);
    assert.equal(result.code, 2, result.stdout + result.stderr);
    assert.match(result.stderr + result.stdout, says);
  });
}

test('a volume under another name: the data is not left behind unless somebody says so', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  const withVolume = (name: string) => ({
    service: `volumes: ["${name}:/data"]`,
    file: `volumes: { ${name}: {} }`,
  });
  assert.equal((await app.deploy(withVolume('data'))).code, 0);
  const renamed = withVolume('datos');
  const refused = await app.deploy(renamed, { args: ['--lang', 'en'] });
  assert.equal(refused.code, 2, refused.stdout + refused.stderr);
  assert.match(
    refused.stderr + refused.stdout,
    /web has its data at \/data in the volume app_data; app_datos would.*"services.web.volumes.0"/,
  );
  assert.match((await home.cli(['plan', app.folder, '--lang', 'es'])).stderr, /tiene sus datos de \/data/);
  assert.equal((await app.deploy(renamed, { args: ['--accept-new-volume'] })).code, 0);
  assert.equal((await app.deploy(withVolume('data'))).code, 0, 'back to one with data');
});

test('a published port held by another process: the pid is named and nothing changes', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const address = holder.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const result = await app.deploy({ service: `ports: ["127.0.0.1:${port}:8080"]` });
    assert.notEqual(result.code, 0);
    assert.match(result.stdout + result.stderr, new RegExp(`${port}[^]*${process.pid}`));
  } finally {
    await new Promise((resolve) => holder.close(resolve));
  }
});

test('without HAProxy, and without root to install it: what is missing and what to type', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  app.write({});
  // A mount namespace in which the program is an empty file, and in it a user namespace in which we are nobody.
  const hidden = 'mount --bind /dev/null /usr/sbin/haproxy && exec unshare --user "$@"';
  const env = { ...home.env, DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
  const command = ['-c', hidden, 'sh', join(root, 'timonel'), 'deploy', app.folder, '--lang', 'en'];
  const result = spawnSync('unshare', ['--mount', 'sh', ...command], { cwd: root, env, encoding: 'utf8' });
  assert.equal(result.status, 1, result.stdout + result.stderr);
  assert.match(result.stderr, /this machine lacks haproxy/);
  assert.match(result.stderr, /apt-get install -y haproxy/);
});
