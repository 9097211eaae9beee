/**
 * Which slow files may run beside each other. Most of their time is waiting, so two at a time take little more than
 * half; each has homes, addresses and ports of its own. Two engines of Docker would share the host's firewall, and
 * files that compare times or count requests in a window want the machine for themselves.
 */

/** Files that measure what other work on the machine changes. */
const sensitive = /canary|metrics|limit|breaker|resilience|zero-loss|documentos\/(load|policy)/;

export interface Lanes {
  /** Run one after the other, the two beside each other. */
  readonly beside: readonly [docker: readonly string[], others: readonly string[]];
  /** Run afterwards, one at a time. */
  readonly alone: readonly string[];
}

export function lanesOf(files: readonly string[]): Lanes {
  const steady = files.filter((file) => !sensitive.test(file));
  const isDocker = (file: string) => file.includes('docker');
  return {
    beside: [steady.filter(isDocker), steady.filter((file) => !isDocker(file))],
    alone: files.filter((file) => sensitive.test(file)),
  };
}

/** Runs the files in their lanes. A lane that has nothing left helps the other, but never with Docker. */
export async function runInLanes({ beside, alone }: Lanes, run: (file: string) => Promise<void>): Promise<void> {
  const [docker, others] = beside.map((files) => [...files]);
  const work = async (take: () => string | undefined) => {
    for (let file = take(); file !== undefined; file = take()) await run(file);
  };
  await Promise.all([work(() => docker?.shift() ?? others?.shift()), work(() => others?.shift())]);
  for (const file of alone) await run(file);
}
