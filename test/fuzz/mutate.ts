/** Numbers that look random and depend on the seed alone, so that a failure can be had again. */
export type Random = (below: number) => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const fragments = [
  ...'\n \t:-#*&!|>\'"{}[],%@`$?\\=~<',
  '\r\n',
  '  ',
  ': ',
  '- ',
  '\n- ',
  '\n  ',
  '---\n',
  '...\n',
  '<<: ',
  '*a',
  '&a ',
  '!reset ',
  '!override ',
  '!!binary ',
  '${',
  '${A:-',
  '${A:?}',
  '$$',
  'null',
  'true',
  '.inf',
  '0x1F',
  '1e400',
  '-1',
  '99999999999999999999',
  '2024-01-02',
  '\uFEFF',
  '\u0000',
  'é',
  '🚢',
  '\u2028',
  '__proto__: ',
  'constructor: ',
  'services: ',
  'extends: ',
  'include: ',
  'x-y: ',
];

/** Changes `text` in one to six places: cut, double, swap, insert, or take a piece from `other`. */
export function mutate(text: string, other: string, random: Random): string {
  let result = text;
  const changes = random(2) === 0 ? 1 : 2 + random(5);
  for (let left = changes; left > 0; left--) result = mutateOnce(result, other, random);
  return result;
}

function mutateOnce(text: string, other: string, random: Random): string {
  const at = random(text.length + 1);
  const end = Math.min(text.length, at + 1 + random(12));
  switch (random(7)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, end) + text.slice(at);
    case 2:
      return text.slice(0, at) + pick(fragments, random) + text.slice(at);
    case 3:
      return text.slice(0, at) + pick(fragments, random) + text.slice(end);
    case 4:
      return swapLines(text, random);
    case 5: {
      const start = random(other.length + 1);
      return text.slice(0, at) + other.slice(start, start + 1 + random(40)) + text.slice(at);
    }
    default:
      return reindent(text, random);
  }
}

function swapLines(text: string, random: Random): string {
  const lines = text.split('\n');
  const [one, two] = [random(lines.length), random(lines.length)];
  [lines[one], lines[two]] = [lines[two] ?? '', lines[one] ?? ''];
  return lines.join('\n');
}

function reindent(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = random(lines.length);
  const line = lines[at] ?? '';
  lines[at] = random(2) === 0 ? `  ${line}` : line.replace(/^ {1,2}/, '');
  return lines.join('\n');
}

function pick<T>(all: readonly T[], random: Random): T {
  return all[random(all.length)] as T;
}
