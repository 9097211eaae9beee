import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownPorts } from './known-ports.ts';
import { parseReference, taggedName } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

test('image names are read as the engine reads them', () => {
  const read = (text: string) => {
    const { registry, repository, name, tag, digest: pinned } = parseReference(text);
    return [registry, repository, name, tag, pinned];
  };
  assert.deepEqual(read('redis'), ['docker.io', 'library/redis', 'redis', undefined, undefined]);
  assert.deepEqual(read('redis:7-alpine'), ['docker.io', 'library/redis', 'redis', '7-alpine', undefined]);
  assert.deepEqual(read('me/app:1'), ['docker.io', 'me/app', 'me/app', '1', undefined]);
  assert.deepEqual(read('localhost/app'), ['localhost', 'app', 'localhost/app', undefined, undefined]);
  assert.deepEqual(read('127.0.0.1:5000/app'), ['127.0.0.1:5000', 'app', '127.0.0.1:5000/app', undefined, undefined]);
  assert.deepEqual(read(`ghcr.io/a/b:2@${digest}`), ['ghcr.io', 'a/b', 'ghcr.io/a/b', '2', digest]);
  assert.equal(taggedName(parseReference('redis')), 'redis:latest');
});

test('ports of official images are known before their first pull', () => {
  assert.deepEqual(knownPorts(parseReference('postgres:16')), [5432]);
  assert.equal(knownPorts(parseReference('me/postgres')), undefined);
  assert.equal(knownPorts(parseReference('wordpress:fpm-alpine')), undefined);
});
