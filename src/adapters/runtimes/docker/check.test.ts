import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from '#compose/schema/build.ts';
import { deploy } from '#compose/schema/deploy.ts';
import { mount } from '#compose/schema/mount.ts';
import { service as serviceSection } from '#compose/schema/service.ts';
import { say } from '#core/messages/say.ts';
import type { Service } from '#model/project.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { specOf } from '../../../../test/support/process-stage.ts';
import { checkService } from './check.ts';
import { honoured } from './honoured.ts';

function findingsOf(service: Service, given: Partial<ServiceSpec> = {}, api?: string): string[] {
  const process = { command: undefined, cwd: '.', setup: [], env: {} };
  const source = { kind: 'image', reference: 'a', revision: 'sha256:a', ports: [] } as const;
  const spec = specOf({ name: 'web', service, environment: {}, files: [], source, process, ...given });
  const locate = (path: readonly (string | number)[]) => ({ file: 'c.yaml', line: 1, column: 1, path: path.join('.') });
  return checkService(spec, locate, api).map((one) => `${one.severity} ${one.at?.path}: ${say(one.said, 'en')}`);
}

test('the table knows every attribute of the specification, and no other', () => {
  const all = (section: { readonly fields: object }, prefix: string) =>
    Object.keys(section.fields).map((key) => `${prefix}${key}`);
  const known = Object.keys(honoured);
  assert.deepEqual(known.filter((key) => !key.includes('.')).toSorted(), all(serviceSection, '').toSorted());
  for (const path of [...all(build, 'build.'), ...all(deploy, 'deploy.'), ...all(mount, 'volumes.*.')])
    assert.ok(known.includes(path), `${path} has no treatment`);
});

test('an ordinary service has no findings', () => {
  const service: Service = {
    image: 'nginx',
    command: null,
    entrypoint: null,
    ports: [{ target: 80, published: '8080' }],
    volumes: [{ type: 'bind', source: '/', target: '/srv', bind: { create_host_path: true } }],
    networks: { default: null },
    deploy: { replicas: 2, resources: { limits: { memory: '1000000', cpus: 1 } } },
    healthcheck: { test: ['CMD', 'true'] },
    'x-note': 1,
  };
  assert.deepEqual(findingsOf(service), []);
});

test('what cannot be honoured is an error at its place, what does not matter a warning', () => {
  const service: Service = {
    build: { context: '.', secrets: [{ source: 'a' }] },
    credential_spec: { file: 'x' },
    attach: true,
    privileged: false,
    deploy: { placement: { constraints: ['node.role==manager'] }, mode: 'replicated-job' },
    volumes: [{ type: 'npipe', source: 'a', target: 'b' }],
    models: { llm: null },
    unheard_of: 1,
  };
  assert.deepEqual(findingsOf(service).toSorted(), [
    'error services.web.build.secrets: web: the docker runtime cannot honour “build.secrets”',
    'error services.web.credential_spec: web: the docker runtime cannot honour “credential_spec”',
    'error services.web.deploy.mode: web: the docker runtime cannot honour “deploy.mode: replicated-job”',
    'error services.web.models: web: the docker runtime cannot honour “models”',
    'error services.web.unheard_of: web: the docker runtime cannot honour “unheard_of”',
    'error services.web.volumes.0.type: web: the docker runtime cannot honour “type: npipe”',
    'warning services.web.attach: web: “attach” has no effect here',
    'warning services.web.deploy.placement: web: “deploy.placement” has no effect here',
  ]);
});

test('a bind source that does not exist is an error at its place', () => {
  const volumes = [
    { type: 'bind', source: '/', target: '/a' },
    { type: 'bind', source: '/no/such/folder', target: '/b', bind: { create_host_path: true } },
  ];
  const [found, ...others] = findingsOf({ volumes });
  assert.match(found ?? '', /^error services\.web\.volumes\.1\.source: .*\/no\/such\/folder/);
  assert.deepEqual(others, []);
});

test('a fixed address needs a service that never overlaps', () => {
  const service: Service = { networks: { back: { ipv4_address: '10.5.0.9' } } };
  const rolling = { kind: 'blue-green', warmMs: 0 } as const;
  assert.match(
    findingsOf(service, { strategy: rolling })[0] ?? '',
    /^error services\.web\.networks\.back\.ipv4_address/,
  );
  assert.equal(findingsOf(service, { replicas: 2 }).length, 1);
  assert.deepEqual(findingsOf(service), []);
});

test('attributes that the engine is too old for are errors, not forgotten', () => {
  const service: Service = { networks: { back: { mac_address: '02:42:ac:11:00:02' } }, annotations: { a: 'b' } };
  assert.equal(findingsOf(service).length, 2);
  assert.equal(findingsOf(service, {}, '1.43').length, 1);
  assert.deepEqual(findingsOf(service, {}, '1.44'), []);
  assert.deepEqual(findingsOf({ healthcheck: { start_interval: '1s' } }), [], 'Timonel asks by itself');
});
