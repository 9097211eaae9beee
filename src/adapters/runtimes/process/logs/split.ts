/** A longer line is stored in pieces of this many bytes. */
export const longestPiece = 16 * 1024;

/** A piece of output and how many bytes of the stream it took, its newline included. */
export interface Piece {
  readonly text: string;
  readonly size: number;
}

/**
 * Cuts output into lines. What follows the last newline is left for the next call, unless it is longer than a piece or
 * the stream has ended (`whole`). Bytes that are no UTF-8 become U+FFFD; a piece never ends within a character.
 */
export function splitOutput(bytes: Buffer, ending: 'open' | 'whole'): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < bytes.length) {
    const newline = bytes.indexOf(10, at);
    const end = newline === -1 ? bytes.length : newline;
    if (end - at > longestPiece) {
      const cut = characterEnd(bytes, at + longestPiece);
      pieces.push({ text: textOf(bytes, at, cut), size: cut - at });
      at = cut;
    } else if (newline !== -1 || ending === 'whole') {
      const next = newline === -1 ? end : end + 1;
      pieces.push({ text: textOf(bytes, at, end), size: next - at });
      at = next;
    } else break;
  }
  return pieces;
}

function textOf(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('utf8', from, to);
}

/** At most three bytes back, to where a character starts: continuation bytes are 10xxxxxx. */
function characterEnd(bytes: Buffer, at: number): number {
  for (let back = 0; back < 4; back++) if (((bytes[at - back] ?? 0) & 0xc0) !== 0x80) return at - back;
  return at;
}
