import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHierarchies } from './hierarchies.ts';

test('version 2 alone: one tree', () => {
  const mountinfo = '30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate';
  const found = parseHierarchies(mountinfo, '0::/system.slice/timonel.service\n');
  assert.equal(found.unified?.folder, '/sys/fs/cgroup');
  assert.equal(found.legacy.size, 0);
});

test('version 1: a tree a controller, below our own group', () => {
  const mountinfo = [
    '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
    '35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
    '41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
  ].join('\n');
  const found = parseHierarchies(mountinfo, '4:memory:/jobs/a\n1:cpu,cpuacct:/\n0::/\n');
  assert.deepEqual(
    [...found.legacy],
    [
      ['cpu', '/sys/fs/cgroup/cpu,cpuacct/'],
      ['cpuacct', '/sys/fs/cgroup/cpu,cpuacct/'],
      ['memory', '/sys/fs/cgroup/memory/jobs/a'],
    ],
  );
  assert.equal(found.unified?.folder, '/sys/fs/cgroup/unified');
});

test('inside a container the tree begins at our own group', () => {
  const mountinfo = '35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory';
  const found = parseHierarchies(mountinfo, '4:memory:/docker/abc/init\n');
  assert.equal(found.legacy.get('memory'), '/sys/fs/cgroup/memory/init');
});

test('nothing mounted: nothing found', () => {
  assert.deepEqual(parseHierarchies('', ''), { unified: undefined, legacy: new Map() });
});
