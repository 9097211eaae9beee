import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasCode } from '#core/errors.ts';
import { readEdgeSettings, settleEdgeSettings } from './settings.ts';

test('the environment wins, then what was remembered, then 80, 443 and every address', () => {
  const folder = mkdtempSync(join(tmpdir(), 'timonel-settings-'));
  try {
    const file = join(folder, 'settings.json');
    assert.deepEqual(settleEdgeSettings({}, file), {
      ...{ httpPort: 80, httpsPort: 443, edgeAddress: '0.0.0.0', trustedProxies: [], proxyImage: '' },
      metricsAddress: '',
    });
    const given = {
      ...{ TIMONEL_HTTP_PORT: '8080', TIMONEL_EDGE_ADDRESS: '127.0.0.1' },
      TIMONEL_TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7',
      TIMONEL_PROXY_IMAGE: 'registry.example:5000/edge/haproxy:3.0@sha256:ab',
      TIMONEL_METRICS_ADDRESS: '9180',
    };
    const trustedProxies = ['10.0.0.0/8', '192.0.2.7'];
    const proxyImage = given.TIMONEL_PROXY_IMAGE;
    const metricsAddress = '127.0.0.1:9180';
    const chosen = {
      ...{ httpPort: 8080, httpsPort: 443, edgeAddress: '127.0.0.1', trustedProxies, proxyImage, metricsAddress },
    };
    assert.deepEqual(settleEdgeSettings(given, file), chosen);
    assert.deepEqual(settleEdgeSettings({}, file), chosen);
    assert.deepEqual(settleEdgeSettings({ TIMONEL_HTTP_PORT: '9090' }, file), { ...chosen, httpPort: 9090 });
    const none = settleEdgeSettings(
      { TIMONEL_TRUSTED_PROXIES: 'none', TIMONEL_PROXY_IMAGE: 'none', TIMONEL_METRICS_ADDRESS: 'none' },
      file,
    );
    assert.deepEqual([none.trustedProxies, none.proxyImage, none.metricsAddress], [[], '', '']);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

for (const [variable, value] of [
  ['TIMONEL_HTTP_PORT', '0'],
  ['TIMONEL_HTTP_PORT', '70000'],
  ['TIMONEL_HTTPS_PORT', '8o80'],
  ['TIMONEL_EDGE_ADDRESS', 'everywhere'],
  ['TIMONEL_TRUSTED_PROXIES', '10.0.0.0/33'],
  ['TIMONEL_TRUSTED_PROXIES', '0.0.0.0/0'],
  ['TIMONEL_PROXY_IMAGE', '--privileged haproxy'],
  ['TIMONEL_METRICS_ADDRESS', '0.0.0.0:9180'],
  ['TIMONEL_METRICS_ADDRESS', '[::]:9180'],
  ['TIMONEL_METRICS_ADDRESS', '127.0.0.1'],
  ['TIMONEL_METRICS_ADDRESS', '127.0.0.1:0'],
  ['TIMONEL_METRICS_ADDRESS', 'localhost:9180'],
] as const) {
  test(`${variable}=${value} is refused by name`, () => {
    assert.throws(
      () => readEdgeSettings({ [variable]: value }),
      (error) => hasCode(error, 'DAEMON_SETTING'),
    );
  });
}

test('metrics may be read at one address', () => {
  for (const [given, read] of [
    ['9180', '127.0.0.1:9180'],
    ['172.17.0.1:09180', '172.17.0.1:9180'],
    ['[::1]:9180', '[::1]:9180'],
  ] as const)
    assert.deepEqual(readEdgeSettings({ TIMONEL_METRICS_ADDRESS: given }), { metricsAddress: read });
});

test('an empty variable is as good as none', () => {
  assert.deepEqual(readEdgeSettings({ TIMONEL_HTTP_PORT: '', TIMONEL_EDGE_ADDRESS: '' }), {});
});
