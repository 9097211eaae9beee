import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeProxyContainer } from './proxy-container.ts';

const made = (uid: number, handover: string) =>
  describeProxyContainer({
    image: 'haproxy:2.8-alpine',
    layout: { folder: '/h/haproxy', handover },
    args: ['-W', '-f', '/h/haproxy/haproxy.cfg'],
    user: { uid, gid: 7 },
    limits: { openFiles: 22_200, oomScoreAdj: -500 },
  });

test('the container is a process of the host in all but its files', () => {
  const { HostConfig, ...body } = made(0, '/run/timonel-1');
  assert.deepEqual(body, {
    Image: 'haproxy:2.8-alpine',
    Entrypoint: ['haproxy'],
    Cmd: ['-W', '-f', '/h/haproxy/haproxy.cfg'],
    User: '0:7',
    WorkingDir: '/h/haproxy',
    StopSignal: 'SIGTERM',
    Labels: { 'io.timonel.proxy': '/h/haproxy' },
    NetworkingConfig: { EndpointsConfig: {} },
  });
  assert.deepEqual(HostConfig, {
    ...{ NetworkMode: 'host', PidMode: 'host', UsernsMode: 'host' },
    RestartPolicy: { Name: 'no' },
    ReadonlyRootfs: true,
    OomScoreAdj: -500,
    CapDrop: ['ALL'],
    CapAdd: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'KILL', 'NET_BIND_SERVICE', 'SETGID', 'SETUID'],
    SecurityOpt: ['no-new-privileges', 'label=disable'],
    Ulimits: [{ Name: 'nofile', Soft: 22_200, Hard: 22_200 }],
    LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } },
    Mounts: [
      { Type: 'bind', Source: '/h/haproxy', Target: '/h/haproxy' },
      { Type: 'bind', Source: '/run/timonel-1', Target: '/run/timonel-1' },
    ],
  });
});

test('an ordinary user’s has nothing of root, and one folder', () => {
  const { HostConfig, User } = made(1000, '/h/haproxy');
  assert.equal(User, '1000:7');
  assert.deepEqual(HostConfig.CapAdd, []);
  assert.deepEqual(HostConfig.Mounts, [{ Type: 'bind', Source: '/h/haproxy', Target: '/h/haproxy' }]);
});
