import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appProject } from '../support/app-project.ts';
import { succeeded } from '../support/events.ts';
import { freshHome } from '../support/home.ts';

test("a route of another project: plan and deploy refuse it by that project's name, and nothing changes", async () => {
  await using home = await freshHome();
  const shop = appProject(home, 'shop');
  const blog = appProject(home, 'blog');
  succeeded(await shop.deploy({ replicas: 1 }));
  const before = await home.status('shop');
  const taken = { replicas: 1, service: 'labels: { "traefik.http.routers.old.rule": "Host(`shop.localhost`)" }' };
  blog.write(taken);
  for (const command of ['plan', 'deploy']) {
    const refused = await home.cli([command, blog.folder, '--lang', 'en']);
    assert.equal(refused.code, 2, refused.stdout + refused.stderr);
    assert.match(refused.stderr, /Host\(`shop\.localhost`\).* already taken by shop\/web \(web\)/);
    assert.match(refused.stderr, /compose\.yaml:\d+:\d+/);
  }
  assert.deepEqual(await home.status('shop'), before);
  assert.equal((await home.cli(['status', '-p', 'blog'])).code, 2, 'the refused project does not exist');
  succeeded(await blog.deploy({ replicas: 1 }));
  assert.equal((await home.cli(['plan', blog.folder])).code, 0, 'its own routes are no conflict');
});

test('two services of one project that want the same requests', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  const result = await app.deploy({ replicas: 1, file: secondService });
  assert.equal(result.code, 2, result.stdout);
  assert.match(result.stdout + result.stderr, /ROUTE_TWICE/);
});

const secondService = `  other:
    build: .
    expose: ["8080"]
    x-timonel:
      process: { command: [node, server.mjs] }
      route: { host: app.localhost }`;
