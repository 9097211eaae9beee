import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { endOf, succeeded } from '../../support/events.ts';
import { freshHome, type Home, root } from '../../support/home.ts';
import { type Load, renderReport, startLoad } from '../../support/load.ts';

/*
 * Scenarios 22 and 26 of the specification: documentos behind Timonel's edge, by its own Compose file. An overlay only
 * shortens the pauses that production wants between two replicas.
 */

const host = 'documentos.universidad.localhost';
const service = 'documentos-service';

function deployArgs(home: Home): readonly string[] {
  const overlay = join(home.dir, 'overlay.yaml');
  writeFileSync(
    overlay,
    `services:
  ${service}:
    environment: ["APP_VERSION=\${TEST_VERSION}"]
    deploy: { update_config: { delay: 1s } }
    x-timonel: { observe: 1s }
`,
  );
  return ['deploy', '-f', join(root, 'systems/documentos/compose.yaml'), '-f', overlay, '-p', 'documentos', '--json'];
}

function certificates(home: Home): Load {
  return startLoad({
    address: '127.0.0.1',
    port: home.httpsPort,
    tls: true,
    host,
    clients: 20,
    workers: { think: 4, fresh: 4 },
    pauseMs: { think: 40, fresh: 40 },
    path: (_kind, n) => `/api/v1/certificado/${[1, 2, 3, 5][n % 4]}/docx`,
  });
}

async function replicas(home: Home): Promise<readonly { readonly id: string; readonly pid?: number }[]> {
  return (await home.status('documentos')).services.find((one) => one.name === service)?.instances ?? [];
}

test('22 and 26. replicas share the traffic; a kill, a scaling and a rolling update lose nothing', async () => {
  await using home = await freshHome();
  const env = (version: number) => ({ env: { TEST_VERSION: `t${version}` } });
  await home.ok(deployArgs(home), env(1));

  const load = certificates(home);
  try {
    await until(() => load.answering(0).length === 2, 'both replicas answer');
    const [victim] = await replicas(home);
    assert.ok(victim?.pid !== undefined);
    process.kill(victim.pid, 'SIGKILL');
    await until(async () => (await home.status('documentos')).state === 'healthy', 'the killed replica is back');

    for (const count of [4, 1, 2]) await home.ok(['scale', `${service}=${count}`, '-p', 'documentos']);
    const updated = await home.ok(deployArgs(home), env(2));
    succeeded(updated);
    const since = performance.now();
    await until(() => load.answering(since).length === 2, 'both new replicas answer');
    assert.ok(load.answering(since).every((instance) => instance.includes(`-r${endOf(updated).release}-`)));
  } finally {
    const report = await load.stop();
    assert.equal(report.failures.length, 0, renderReport(report));
    assert.ok(report.requests > 200, renderReport(report));
  }
});

async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const started = performance.now(); performance.now() - started < 60_000; ) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited 60 s: ${what}`);
}
