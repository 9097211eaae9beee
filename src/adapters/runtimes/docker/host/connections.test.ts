import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { directConnections, parseConnections } from './connections.ts';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

test('established connections are read, of both kinds of address', () => {
  const lines = [
    '   0: 0200007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1',
    '   1: 0302000A:1F90 0102000A:C350 01 00000000:00000000 00:00000000 00000000     0        0 22 1',
    '   2: 0000000000000000FFFF00000302000A:1F90 0000000000000000FFFF00000102000A:C351 01 00000000:00000000 00:00000000 00000000     0        0 33 1',
  ];
  assert.deepEqual(parseConnections(head + lines.join('\n')), [
    { local: '10.0.2.3:8080', remote: '10.0.2.1:50000', inode: '22' },
    { local: '10.0.2.3:8080', remote: '10.0.2.1:50001', inode: '33' },
  ]);
});

test('connections that a program of the host holds itself are not direct ones', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  try {
    sockets.push(connect(port, '127.0.0.1'));
    await once(server, 'connection');
    // Of this process and on this host: both ends are here, so the proxy's own would look like this.
    assert.equal(await directConnections(process.pid, [port]), 0);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});
