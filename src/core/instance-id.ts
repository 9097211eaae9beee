/** The release that an instance's id names: 12 of `web-r12-3`; undefined for what is no id of ours. */
export function releaseOf(instance: string): number | undefined {
  const number = /-r(\d+)-[^-]+$/.exec(instance)?.[1];
  return number === undefined ? undefined : Number(number);
}
