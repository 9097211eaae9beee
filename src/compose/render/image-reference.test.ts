import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fullImageName, pinnedTo } from './image-reference.ts';

const names: readonly [written: string, full: string][] = [
  ['nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1', 'docker.io/library/nginx:1'],
  ['me/app', 'docker.io/me/app:latest'],
  ['docker.io/nginx', 'docker.io/library/nginx:latest'],
  ['localhost/app', 'localhost/app:latest'],
  ['r.example:5000/a/b', 'r.example:5000/a/b:latest'],
  ['r.example:5000/a:2', 'r.example:5000/a:2'],
  ['nginx:1@sha256:ab', 'docker.io/library/nginx@sha256:ab'],
];

for (const [written, full] of names) test(`${written} is ${full}`, () => assert.equal(fullImageName(written), full));

test('a digest takes the place of the tag', () => {
  assert.equal(pinnedTo('r.example:5000/a:2', 'sha256:ab'), 'r.example:5000/a@sha256:ab');
});
