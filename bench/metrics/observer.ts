/**
 * The daemon's side of a proxy in a process of its own, so that its cost can be told from everybody else's: it starts
 * the proxy, hears how requests end, counts, and writes the access log. Forked by bench/metrics.ts.
 */
import { AccessLog } from '#adapters/access-log/index.ts';
import { systemClock } from '#adapters/clock.ts';
import { createHaproxy } from '#adapters/haproxy/index.ts';
import type { TimeWindow } from '#model/metrics.ts';
import { TrafficBook } from '#monitor/traffic/traffic-book.ts';
import { tableOf } from '../../test/support/proxy-stage.ts';

const [home = '', address = '', port = '', upstream = ''] = process.argv.slice(2);
const traffic = new TrafficBook();
const access = new AccessLog({ home });
const balancer = createHaproxy({
  ...{ home, httpPort: Number(port), httpsPort: Number(port) + 1, edgeAddress: address, clock: systemClock, traffic },
  onRequest: (end) => access.take(end),
});
await balancer.ensureRunning();
const server = { id: 'web-r1-1', address: upstream, port: 9000, weight: 100, state: 'ready' } as const;
await balancer.apply(tableOf({ servers: [server], routes: [{ name: 'web' }] }));

process.on('message', (window: TimeWindow) => {
  process.send?.(traffic.stats({ project: 'p', service: 'web' }, window));
});
process.on('disconnect', () => {
  void balancer
    .stop()
    .then(() => balancer.close())
    .then(() => process.exit(0));
});
process.send?.('ready');
