import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { appProject } from '../support/app-project.ts';
import { issue } from '../support/certificates.ts';
import { succeeded } from '../support/events.ts';
import { handshake } from '../support/handshake.ts';
import { freshHome } from '../support/home.ts';

test('certificate files: wrong ones stop a deployment at their place, good ones are presented, old ones warn', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  const withFiles = {
    ...{ replicas: 1, env: { VERSION: 1 } },
    file: `
  other:
    extends: { service: web }
    x-timonel:
      process: { command: [${process.execPath}, server.mjs] }
      route:
        host: tienda.example
        tls: { certificate: ./tls.crt, key: ./tls.key }
`,
  };
  app.write(withFiles);
  const refused = await home.cli(['deploy', app.folder, '--lang', 'es']);
  assert.equal(refused.code, 2, refused.stdout + refused.stderr);
  assert.match(
    refused.stdout + refused.stderr,
    /compose\.yaml:\d+:\d+[\s\S]*certificado de tienda\.example en .*tls\.crt no se puede usar/,
  );

  const [right, wrong] = [await issue(['tienda.example'], { days: 5 }), await issue(['tienda.example'])];
  writeFileSync(join(app.folder, 'tls.crt'), right.certificate);
  writeFileSync(join(app.folder, 'tls.key'), wrong.key);
  const mixed = await home.cli(['plan', app.folder]);
  assert.equal(mixed.code, 2);
  assert.match(mixed.stdout + mixed.stderr, /the key belongs to another certificate/);

  writeFileSync(join(app.folder, 'tls.key'), right.key);
  const old = await issue(['tienda.example'], { days: 90, from: new Date(Date.now() - 85 * 86_400_000) });
  writeFileSync(join(app.folder, 'tls.crt'), old.certificate);
  writeFileSync(join(app.folder, 'tls.key'), old.key);
  succeeded(await app.deploy(withFiles));
  const seen = await handshake({ address: '127.0.0.1', httpsPort: home.httpsPort }, 'tienda.example');
  assert.equal(seen.names, 'DNS:tienda.example');
  const status = await home.status('app');
  assert.deepEqual(
    status.warnings.map((one) => one.code),
    ['CERTIFICATE_EXPIRES'],
  );
});
