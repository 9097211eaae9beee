interface Releases {
  /** Numbers of all recorded releases. */
  readonly all: readonly number[];
  /** Numbers of those that served, newest first. */
  readonly good: readonly number[];
  /** Numbers of those that an instance, a warm copy or the present deployment needs. */
  readonly inUse: ReadonlySet<number>;
  /** How many good ones to keep. */
  readonly keep: number;
}

/** Which releases to forget: those beyond the newest `keep` good ones, and those that never served. */
export function releasesToDrop({ all, good, inUse, keep }: Releases): readonly number[] {
  const kept = new Set(good.slice(0, keep));
  return all.filter((number) => !kept.has(number) && !inUse.has(number));
}
