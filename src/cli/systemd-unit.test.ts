import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderUnit, unitPlace } from './systemd-unit.ts';

const facts = {
  node: '/opt/node dir/bin/node',
  flags: ['--no-opt'],
  entry: '/srv/100% timonel/bin/daemon.ts',
  env: { TIMONEL_HOME: '/var/lib/timonel', PATH: '/usr/sbin:/usr/bin' },
  wantedBy: 'multi-user.target',
} as const;

test('the unit restarts the daemon always and ends nothing but the daemon', () => {
  const unit = renderUnit(facts);
  for (const line of [
    'ExecStart="/opt/node dir/bin/node" --no-opt "/srv/100%% timonel/bin/daemon.ts"',
    'Environment=TIMONEL_HOME=/var/lib/timonel',
    'Environment=PATH=/usr/sbin:/usr/bin',
    'Restart=always',
    'KillMode=process',
    'WantedBy=multi-user.target',
  ]) {
    assert.ok(unit.split('\n').includes(line), `${line}\n\n${unit}`);
  }
});

test("root's unit is the system's, another user's their own", () => {
  assert.deepEqual(unitPlace({ isRoot: true, env: {} }), {
    file: '/etc/systemd/system/timonel.service',
    systemctl: ['systemctl'],
  });
  assert.deepEqual(unitPlace({ isRoot: false, env: { HOME: '/home/ana' } }), {
    file: '/home/ana/.config/systemd/user/timonel.service',
    systemctl: ['systemctl', '--user'],
  });
});
