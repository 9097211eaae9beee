import type { Protocol } from '#model/route.ts';

/** Container ports that speak HTTP in practice, when nothing else says what they speak. */
const httpPorts: ReadonlySet<number> = new Set([
  80, 81, 3000, 3001, 4000, 4200, 4321, 5000, 5001, 5002, 5173, 7000, 8000, 8001, 8008, 8010, 8080, 8081, 8082, 8088,
  8090, 8888, 9000, 9090, 9091, 9100, 9200, 15672,
]);

/** What a port speaks by custom; anything unknown is carried as plain connections, which is always right. */
export function usualProtocol(port: number): Protocol {
  return httpPorts.has(port) ? 'http' : 'tcp';
}
