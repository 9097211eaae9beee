import assert from 'node:assert/strict';
import { test } from 'node:test';
import { say } from '#core/messages/say.ts';
import { resolveRoutes } from '#routing/routes.ts';
import { resolveAuthority } from '#settings/acme.ts';
import { projectSettings, serviceSettings } from '#settings/schema.ts';
import { issue, type Pair } from '../../../test/support/certificates.ts';
import { memoryFiles } from '../../../test/support/memory-files.ts';
import { inspectCertificates } from './inspect.ts';

const locate = (path: readonly (string | number)[]) => ({
  ...{ file: 'compose.yaml', line: 1, column: 1 },
  path: path.join('.'),
});

interface Written {
  readonly route?: object;
  readonly labels?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly acme?: object;
}

/** What is said about what the user wrote, in a project at /srv/p. */
function inspect({ route, labels = {}, files = {}, acme }: Written) {
  const settings = serviceSettings.parse(route === undefined ? {} : { route });
  const authority = resolveAuthority(projectSettings.parse(acme === undefined ? {} : { acme }).acme, '/srv/p');
  const compose = { labels };
  const { routes } = resolveRoutes({
    ...{ project: 'p', service: 'web', compose, settings, locate, directory: '/srv/p', authority },
    endpoints: [{ port: 80, protocol: 'http', because: 'label' }],
  });
  const door = { files: memoryFiles({ files }), now: () => Date.now() };
  const found = inspectCertificates({ name: 'web', service: compose, settings, routes, door, locate });
  return { routes, found: found.map((one) => `${one.severity} ${one.at?.path}: ${say(one.said, 'en')}`) };
}

const laid = ({ certificate, key }: Pair) => ({ '/srv/p/tls/a.crt': certificate, '/srv/p/tls/a.key': key });
const route = { host: 'a.example', tls: { certificate: './tls/a.crt', key: 'tls/a.key' } };

test('files are found from the folder of the project, and good ones need no word', async () => {
  const { routes, found } = inspect({ route, files: laid(await issue(['a.example'])) });
  assert.deepEqual(found, []);
  assert.deepEqual(routes[0]?.tls, { kind: 'file', certificate: '/srv/p/tls/a.crt', key: '/srv/p/tls/a.key' });
});

test('a missing file and a key of another certificate are errors at their place', async () => {
  const [a, b] = [await issue(['a.example']), await issue(['a.example'])];
  const start =
    'error services.web.x-timonel.route.tls: the certificate of a.example in /srv/p/tls/a.crt cannot be used: ';
  assert.deepEqual(inspect({ route }).found, [`${start}there is no file /srv/p/tls/a.crt`]);
  assert.deepEqual(inspect({ route: [{ path: '/x' }, route], files: laid({ ...a, key: b.key }) }).found, [
    `${start.replace('route.tls', 'route.1.tls')}the key belongs to another certificate`,
  ]);
});

test('other names and a near end are warnings', async () => {
  const days = (count: number) => new Date(Date.now() - count * 86_400_000);
  const other = inspect({ route, files: laid(await issue(['b.example'])) }).found;
  assert.match(other.join(), /^warning .* is for b\.example, not for a\.example: browsers will refuse it$/);
  const near = inspect({ route, files: laid(await issue(['a.example'], { from: days(80) })) }).found;
  assert.match(near.join(), /^warning .*of a\.example expires in 9 days, on /);
  const over = inspect({ route, files: laid(await issue(['a.example'], { from: days(100) })) }).found;
  assert.match(over.join(), /^warning .*of a\.example expired on /);
});

test('an order says that it accepts terms, and which names it cannot be for', () => {
  const label = 'traefik.http.routers.r.tls.certresolver';
  const labels = { 'traefik.http.routers.r.rule': 'Host(`a.example`) || Host(`a.localhost`)', [label]: 'le' };
  const { routes, found } = inspect({ labels, acme: { directory: 'staging', email: 'a@b.pe' } });
  assert.deepEqual(routes[0]?.tls, {
    kind: 'acme',
    authority: {
      directory: 'https://acme-staging-v02.api.letsencrypt.org/directory',
      ...{ email: 'a@b.pe', challenge: { kind: 'http-01' } },
    },
  });
  assert.deepEqual(found, [
    `info services.web.labels.${label}: certificates for a.example (route r) are ordered from acme-staging-v02.api.letsencrypt.org, which accepts its terms of service; a self-signed one serves until they come`,
    `warning services.web.labels.${label}: no public authority issues a certificate for a.localhost (route r); it gets a self-signed one`,
  ]);
  assert.match(inspect({ route: { path: '/', tls: { acme: true } } }).found.join(), /^warning .*names no host/);
});

test('a wildcard is ordered with dns-01 only; files may be for one', async () => {
  const star = { host: '*.a.example', tls: { acme: true } };
  assert.match(
    inspect({ route: star }).found.join(),
    /^error services\.web\.x-timonel\.route\.tls: a certificate for \*\.a\.example \(route web\) can only be ordered with dns-01/,
  );
  const labels = {
    'traefik.http.routers.r.rule': 'Host(`a.example`)',
    'traefik.http.routers.r.tls.certresolver': 'le',
    'traefik.http.routers.r.tls.domains[0].main': 'a.example',
    'traefik.http.routers.r.tls.domains[0].sans': '*.a.example',
  };
  assert.match(inspect({ labels }).found.join(), /^error .*certresolver: .*\*\.a\.example/);
  const acme = { challenge: 'dns-01', hook: './record.sh' };
  assert.match(inspect({ labels, acme }).found.join(), /^info .*certificates for a\.example, \*\.a\.example/);
  const files = laid(await issue(['a.example', '*.a.example']));
  for (const host of ['*.a.example', 'x.a.example', 'a.example']) {
    assert.deepEqual(inspect({ route: { ...route, host }, files }).found, []);
  }
  assert.match(inspect({ route: { ...route, host: 'x.y.a.example' }, files }).found.join(), /not for x\.y\.a\.example/);
  const single = laid(await issue(['x.a.example']));
  assert.match(
    inspect({ route: { ...route, host: '*.a.example' }, files: single }).found.join(),
    /not for \*\.a\.example/,
  );
});

test('the settings of an authority: short names, private ones, hooks; what does not fit is refused', () => {
  const of = (acme: object) => resolveAuthority(projectSettings.parse({ acme }).acme, '/srv/p');
  assert.equal(of({}).directory, 'https://acme-v02.api.letsencrypt.org/directory');
  assert.deepEqual(of({ directory: 'https://ca.lan/dir', ca: 'root.pem' }), {
    ...{ directory: 'https://ca.lan/dir', challenge: { kind: 'http-01' }, ca: '/srv/p/root.pem' },
  });
  assert.deepEqual(of({ challenge: 'dns-01', hook: ['./set.sh', 'x'] }).challenge, {
    ...{ kind: 'dns-01', hook: ['./set.sh', 'x'], cwd: '/srv/p' },
  });
  for (const wrong of [
    { challenge: 'dns-01' },
    { hook: 'x' },
    { directory: 'lets' },
    { email: 'nobody' },
    { mail: 'a@b.c' },
  ]) {
    assert.throws(() => of(wrong), JSON.stringify(wrong));
  }
});
