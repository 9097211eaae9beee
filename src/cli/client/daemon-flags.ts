/**
 * Node's options for the daemon: it idles for weeks, so memory counts more than speed. Measured with 20 services
 * (bench/footprint): a small young generation and code compiled for size keep it well under its budget.
 */
export const daemonFlags: readonly string[] = [
  '--max-semi-space-size=1',
  '--optimize-for-size',
  '--disable-warning=ExperimentalWarning',
];
