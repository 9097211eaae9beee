import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Project } from '#model/project.ts';
import {
  hashService,
  listEnvironment,
  listHashes,
  listImages,
  listModels,
  listNetworks,
  listProfiles,
  listServices,
  listVolumes,
  renderProject,
  renderVariables,
  withImageDigests,
} from './config.ts';

const project: Project = {
  name: 'shop',
  services: {
    web: {
      build: { context: '/p' },
      ports: [{ target: 80, published: '8080', protocol: 'tcp', mode: 'ingress' }],
      environment: { Y: 'yes', P: 'pa$word' },
    },
    db: { image: 'postgres:16', volumes: [{ type: 'volume', source: 'data', target: '/d' }], profiles: ['z', 'a'] },
  },
  networks: { default: { name: 'shop_default' } },
  volumes: { data: { name: 'shop_data' } },
  models: { m: { model: 'ai/small' } },
  'x-note': 'kept',
};

test('what config lists', () => {
  assert.deepEqual(listServices(project), ['db', 'web']);
  assert.deepEqual(listVolumes(project), ['data']);
  assert.deepEqual(listNetworks(project), ['default']);
  assert.deepEqual(listModels(project), ['ai/small']);
  assert.deepEqual(listImages(project), ['postgres:16', 'shop-web']);
  assert.deepEqual(listProfiles({ project, disabledServices: { x: { profiles: ['m'] } } }), ['a', 'm', 'z']);
  assert.deepEqual(listEnvironment({ environment: { B: '2', A: '1' } }), ['A=1', 'B=2']);
});

test('the images of hooks are listed after that of their service', () => {
  const hooked: Project = { name: 'p', services: { a: { image: 'i', pre_start: [{ image: 'i' }, { image: 'j' }] } } };
  assert.deepEqual(listImages(hooked), ['i', 'j']);
});

test('YAML has the attributes in the order of docker compose, doubles dollars and quotes what old readers mistake', () => {
  assert.equal(
    renderProject(project, 'yaml'),
    [
      'name: shop',
      'services:',
      '  db:',
      '    profiles:',
      '      - z',
      '      - a',
      '    image: postgres:16',
      '    volumes:',
      '      - type: volume',
      '        source: data',
      '        target: /d',
      '  web:',
      '    build:',
      '      context: /p',
      '    environment:',
      '      P: pa$$word',
      '      "Y": "yes"',
      '    ports:',
      '      - mode: ingress',
      '        target: 80',
      '        published: "8080"',
      '        protocol: tcp',
      'networks:',
      '  default:',
      '    name: shop_default',
      'volumes:',
      '  data:',
      '    name: shop_data',
      'models:',
      '  m:',
      '    model: ai/small',
      'x-note: kept',
      '',
    ].join('\n'),
  );
});

test('JSON says what has no command, and keeps dollars when asked', () => {
  const json = JSON.parse(renderProject(project, 'json', { escapeDollars: false })) as Project;
  assert.equal(json.services.web?.command, null);
  assert.equal(json.services.web?.environment?.P, 'pa$word');
});

test('the hash of a service is that of docker compose', () => {
  // As `docker compose config --hash` prints it for `services: {a: {image: i, command: "x <y>"}}` without networks.
  const json = '{"command":["x","\\u003cy\\u003e"],"entrypoint":null,"image":"i"}';
  assert.equal(hashService({ image: 'i', command: ['x', '<y>'] }), sha256(json));
  assert.equal(
    hashService({ image: 'i', command: ['x', '<y>'], scale: 3, depends_on: {}, profiles: ['p'] }),
    sha256(json),
  );
});

test('hashes of named services, or of all', () => {
  assert.equal(listHashes(project, '*').length, 2);
  assert.deepEqual(listHashes(project, 'web'), [`web ${hashService(project.services.web ?? {})}`]);
  assert.deepEqual(listHashes(project, 'nobody'), []);
});

test('variables as a table and as data', () => {
  const variables = [
    { name: 'A', required: true },
    { name: 'LONGER', required: false, defaultValue: 'd' },
  ];
  assert.equal(
    renderVariables(variables, 'table'),
    'NAME    REQUIRED  DEFAULT VALUE  ALTERNATE VALUE\nA       true\nLONGER  false     d\n',
  );
  assert.deepEqual(JSON.parse(renderVariables(variables, 'json')), {
    A: { Name: 'A', DefaultValue: '', PresenceValue: '', Required: true },
    LONGER: { Name: 'LONGER', DefaultValue: 'd', PresenceValue: '', Required: false },
  });
});

test('images are pinned by digest, each asked for once', async () => {
  const asked: string[] = [];
  const pinned = await withImageDigests(
    {
      name: 'p',
      services: {
        a: { image: 'nginx' },
        b: { image: 'nginx:latest' },
        c: { image: 'r.example/x@sha256:1' },
        d: { build: {} },
      },
    },
    (image) => {
      asked.push(image);
      return Promise.resolve('sha256:abc');
    },
  );
  assert.deepEqual(asked, ['docker.io/library/nginx:latest']);
  assert.deepEqual(
    Object.values(pinned.services).map(({ image }) => image),
    ['docker.io/library/nginx@sha256:abc', 'docker.io/library/nginx@sha256:abc', 'r.example/x@sha256:1', undefined],
  );
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
