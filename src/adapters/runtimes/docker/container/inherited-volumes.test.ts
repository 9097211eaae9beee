import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerListed } from './api.ts';
import { inheritedVolumes } from './inherited-volumes.ts';

const hash = (digit: string) => digit.repeat(64);

function container(
  instance: string,
  State: string,
  Created: number,
  Name: string,
  Destination = '/data',
): ContainerListed {
  const Labels = { 'io.timonel.project': 'shop', 'io.timonel.service': 'db', 'io.timonel.instance': instance };
  return {
    Id: instance,
    Names: [],
    Labels,
    State,
    Created,
    Mounts: [{ Type: 'volume', Name, Destination }],
    NetworkSettings: { Networks: {} },
  };
}

const next = { project: 'shop', service: 'db', id: 'db-r3-1' };

test('the nameless volumes of the newest ended instance in the same place are taken over', () => {
  const containers = [
    container('db-r1-1', 'exited', 1, hash('a')),
    container('db-r2-1', 'exited', 2, hash('b')),
    container('db-r2-2', 'exited', 3, hash('c')),
  ];
  assert.deepEqual(inheritedVolumes(next, containers), { '/data': hash('b') });
});

test('volumes with a name, of others, or in use are not', () => {
  assert.deepEqual(inheritedVolumes(next, [container('db-r2-1', 'exited', 2, 'shop_data')]), {});
  assert.deepEqual(inheritedVolumes(next, [container('db-r2-1', 'running', 2, hash('b'))]), {});
  assert.deepEqual(inheritedVolumes({ ...next, service: 'web' }, [container('db-r2-1', 'exited', 2, hash('b'))]), {});
  const shared = [container('db-r2-1', 'exited', 2, hash('b')), container('other-r1-1', 'running', 1, hash('b'))];
  assert.deepEqual(inheritedVolumes(next, shared), {});
});
