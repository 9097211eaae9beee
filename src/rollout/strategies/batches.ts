/** Cuts `list` into parts of `size`, the last one shorter; one part when `size` is 0. */
export function batches<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  if (list.length === 0) return [];
  if (size <= 0) return [list];
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}

/** Which of the old ones each of `count` batches relieves: an even share, the last all that are left. */
export function leavingShares(leaving: readonly string[], count: number): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((leaving.length * index) / count);
    const to = Math.floor((leaving.length * (index + 1)) / count);
    return leaving.slice(from, to);
  });
}
