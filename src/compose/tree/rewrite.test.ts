import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text } from './node.ts';
import { PathTable } from './path-table.ts';
import { fromPlain, toPlain } from './plain.ts';
import { type Rewrite, rewrite } from './rewrite.ts';
import { SourceText } from './source.ts';

const mark = { source: new SourceText('f', ''), offset: 0 };
const upper: Rewrite<string> = (node, path, suffix) =>
  node.kind === 'scalar' ? text(`${String(node.value).toUpperCase()}${suffix} ${path.join('.')}`, mark) : node;
const table = PathTable.of<Rewrite<string>>({ 'services.*.image': upper, 'services.*.ports.*': upper, name: upper });

test('rules reach the paths that they name, through mappings and lists', () => {
  const tree = fromPlain(
    { name: 'n', services: { a: { image: 'i', user: 'u', ports: ['x', 'y'] } }, image: 'k' },
    mark,
  );
  assert.deepEqual(toPlain(rewrite(tree, table, '!')), {
    name: 'N! name',
    services: {
      a: { image: 'I! services.a.image', user: 'u', ports: ['X! services.a.ports.0', 'Y! services.a.ports.1'] },
    },
    image: 'k',
  });
});

test('what no rule changes is not copied', () => {
  const tree = fromPlain({ services: { a: { user: 'u' } }, other: [1] }, mark);
  assert.equal(rewrite(tree, table, '!'), tree);
});
