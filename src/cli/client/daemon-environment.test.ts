import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daemonEnvironment } from './daemon-environment.ts';

test("the daemon gets places and proxies of the shell, and none of the shell's secrets", () => {
  const passed = daemonEnvironment({
    PATH: '/opt/bin:/usr/bin',
    HOME: '/root',
    TIMONEL_HOME: '/srv/timonel',
    https_proxy: 'http://proxy:3128',
    NO_PROXY: 'localhost',
    npm_config_registry: 'http://npm.local',
    LC_ALL: 'es_PE.UTF-8',
    DATABASE_PASSWORD: 'secret',
    AWS_SECRET_ACCESS_KEY: 'secret',
    NODE_OPTIONS: '--require /tmp/x.js',
    UNSET: undefined,
  });
  assert.deepEqual(passed, {
    PATH: '/opt/bin:/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin:/bin',
    HOME: '/root',
    TIMONEL_HOME: '/srv/timonel',
    https_proxy: 'http://proxy:3128',
    NO_PROXY: 'localhost',
    npm_config_registry: 'http://npm.local',
    LC_ALL: 'es_PE.UTF-8',
  });
});
