import { networkInterfaces } from 'node:os';

/** Addresses under which this machine is reached, loopback first. Link-local ones of IPv6 need a zone and are left out. */
export function hostAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces ?? []);
  const outside = all.filter((one) => !one.internal && !one.address.startsWith('fe80:')).map((one) => one.address);
  const loopback = all.some((one) => one.address === '::1') ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
  return [...loopback, ...[...new Set(outside)].sort()];
}

/** How soon a new address of the machine is listened on. */
const lookEveryMs = 15_000;

/** Calls `changed` when the machine got or lost an address: DHCP, a VPN, a network that came up late. */
export function watchHostAddresses(changed: () => void): () => void {
  let known = hostAddresses().join();
  const timer = setInterval(() => {
    const now = hostAddresses().join();
    if (now === known) return;
    known = now;
    changed();
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
