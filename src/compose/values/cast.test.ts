import assert from 'node:assert/strict';
import test from 'node:test';
import { castTree } from './cast.ts';

function cast(tree: unknown): { readonly tree: unknown; readonly said: string[] } {
  const said: string[] = [];
  const result = castTree(tree, {
    onError: (error, path) => said.push(`${path.join('.')}: ${error.message}`),
    onBooleanWord: (word, meant, path) => said.push(`${path.join('.')}: ${word} for ${meant}`),
  });
  return { tree: result, said };
}

const service = (attributes: unknown): unknown => ({ services: { web: attributes } });

test('texts become what the attribute demands', () => {
  const { tree, said } = cast(
    service({
      tty: 'TRUE',
      init: 'false',
      cpus: '0.5',
      scale: '3',
      pids_limit: '-1',
      image: '3',
      ports: [{ target: '80', published: '80' }, '81:81'],
      volumes: [{ read_only: 'true', volume: { nocopy: 'true' }, bind: { create_host_path: 'true' } }],
      ulimits: { nproc: '5', nofile: { soft: '1', hard: '2' } },
      deploy: { replicas: '2', update_config: { parallelism: '0', max_failure_ratio: '.3' } },
      depends_on: { db: { required: 'false', restart: 'true', condition: 'true' } },
    }),
  );
  assert.deepEqual(said, []);
  assert.deepEqual(
    tree,
    service({
      tty: true,
      init: false,
      cpus: 0.5,
      scale: 3,
      pids_limit: -1,
      image: '3',
      ports: [{ target: 80, published: '80' }, '81:81'],
      volumes: [{ read_only: true, volume: { nocopy: true }, bind: { create_host_path: 'true' } }],
      ulimits: { nproc: 5, nofile: { soft: 1, hard: 2 } },
      deploy: { replicas: 2, update_config: { parallelism: 0, max_failure_ratio: 0.3 } },
      depends_on: { db: { required: false, restart: true, condition: 'true' } },
    }),
  );
});

test('top-level resources are cast too', () => {
  const { tree } = cast({
    networks: { n: { internal: 'true' } },
    volumes: { v: { external: 'true', driver: 'true' } },
  });
  assert.deepEqual(tree, { networks: { n: { internal: true } }, volumes: { v: { external: true, driver: 'true' } } });
});

test('old boolean words are taken and reported', () => {
  assert.deepEqual(cast(service({ tty: 'Yes', init: 'off' })), {
    tree: service({ tty: true, init: false }),
    said: ['services.web.tty: Yes for true', 'services.web.init: off for false'],
  });
});

test('a wrong text is an error with its path, all of them', () => {
  const { tree, said } = cast(
    service({ tty: '1', scale: '', cpus: '1,5', pids_limit: '1.5', privileged: 'constructor' }),
  );
  assert.deepEqual(said, [
    'services.web.tty: "1" must be true or false',
    'services.web.scale: "" must be an integer',
    'services.web.cpus: "1,5" must be a number',
    'services.web.pids_limit: "1.5" must be an integer',
    'services.web.privileged: "constructor" must be true or false',
  ]);
  assert.deepEqual(tree, service({ tty: null, scale: null, cpus: null, pids_limit: null, privileged: null }));
});

test('other shapes are left for the schema', () => {
  for (const tree of [
    null,
    'x',
    { services: null },
    { services: { web: null } },
    service({ ports: 'x', deploy: [] }),
  ]) {
    assert.deepEqual(cast(tree), { tree, said: [] });
  }
});
