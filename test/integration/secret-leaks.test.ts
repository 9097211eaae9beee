import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AppOptions, appProject } from '../support/app-project.ts';
import { type CliResult, freshHome } from '../support/home.ts';
import { until } from '../support/until.ts';

/* One value, given in every way in which people give secrets, is looked for wherever somebody could read it. */

const value = 'c4n4ry-"$w0rd/9e1f+7b';
const asWritten = [
  value,
  JSON.stringify(value).slice(1, -1),
  encodeURIComponent(value),
  Buffer.from(value).toString('base64').slice(0, -4),
];
const holds = (text: string) => asWritten.some((form) => text.includes(form));

const given = (more: AppOptions['env'] = {}): AppOptions => ({
  env: { APP_PASSWORD: '${CANARY}', GREETING: 'x${CANARY}', DATABASE_URL: 'postgres://app:${CANARY}@db/app', ...more },
  service: 'env_file: [app.env]\nsecrets: [key, word]',
  file: 'secrets:\n  key: { file: ./key.txt }\n  word: { environment: CANARY }',
});

/** Watches what every user of the machine can see of its processes, until told to stop. */
function watchProcesses() {
  const seen = new Set<string>();
  const timer = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (holds(line)) seen.add(line.replaceAll('\0', ' '));
      } catch {
        // It has ended.
      }
    }
  }, 5);
  return () => {
    clearInterval(timer);
    return [...seen];
  };
}

/** Files below `folder` that hold the value, and whether anybody but their owner gets at them. */
function filesWith(folder: string): readonly { readonly path: string; readonly isOpen: boolean }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    const isOpen = (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) % 0o100 !== 0;
    if (entry.isDirectory()) return filesWith(path).map((one) => ({ ...one, isOpen: one.isOpen && isOpen }));
    return entry.isFile() && holds(readFileSync(path, 'latin1')) ? [{ path, isOpen }] : [];
  });
}

test('a secret reaches its service and nobody else, whatever goes wrong', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  writeFileSync(join(app.folder, '.env'), `CANARY='${value}'\n`);
  writeFileSync(join(app.folder, 'app.env'), `API_TOKEN='${value}'\n`);
  writeFileSync(join(app.folder, 'key.txt'), value);
  const stop = watchProcesses();
  const told: (readonly [string, CliResult])[] = [];
  const tell = async (what: string, result: Promise<CliResult>) => void told.push([what, await result]);

  await tell('the first deployment', app.deploy(given({ VERSION: 1 })));
  const inside = JSON.parse(await getEnvironment(home.httpPort, app.host)) as Record<string, string>;
  assert.deepEqual([inside.APP_PASSWORD, inside.API_TOKEN], [value, value], 'it arrives');
  const release = 'release: { command: [sh, -c, "echo no migration; exit 3"] }';
  await tell('exits at once', app.deploy(given({ VERSION: 2, EXIT_AT_ONCE: 7 })));
  await tell('never healthy', app.deploy(given({ VERSION: 2, UNHEALTHY_AFTER_MS: 0 })));
  await tell('release command', app.deploy({ ...given({ VERSION: 2 }), settings: release }));
  await tell('bad file', app.deploy({ ...given(), service: 'secrets: [${CANARY:?}]' }));
  writeFileSync(join(app.folder, '.env'), `CANARY='${value}-2'\n`);
  await tell('plan of another value', home.cli(['plan', app.folder]));
  await tell('deployment of another value', home.cli(['deploy', app.folder]));
  for (const command of ['status', 'releases', 'events', 'logs'])
    for (const more of [[], ['--json']]) await tell(command, home.cli([command, '-p', app.name, ...more]));

  for (const [what, { stdout, stderr }] of told) assert.ok(!holds(stdout + stderr), `${what}:\n${stdout}${stderr}`);
  assert.deepEqual(stop(), [], 'command lines');
  const ours = filesWith(home.dir).filter(({ path }) => !path.startsWith(app.folder));
  assert.notDeepEqual(ours, [], 'a rollback needs it');
  assert.deepEqual(
    ours.filter(({ isOpen }) => isOpen),
    [],
    'files that others can read',
  );
  const logs = ours.filter(({ path }) => /\.log|\/logs\/|access/.test(path));
  assert.deepEqual(logs, [], 'logs');
});

function getEnvironment(port: number, host: string): Promise<string> {
  return until(
    'the service answers',
    () =>
      new Promise((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port, path: '/env', headers: { host } }, (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (part: string) => (text += part));
          answer.on('end', () => resolve(answer.statusCode === 200 ? text : undefined));
        });
        asked.on('error', reject).end();
      }),
  );
}
