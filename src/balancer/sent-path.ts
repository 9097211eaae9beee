/**
 * A path as clients send it: rules and policies name `/trámites`, and requests for it ask for `/tr%C3%A1mites`. What is
 * escaped already stays so, in the spelling that the edge gives to every path.
 */
export function sentPath(path: string): string {
  return path.replaceAll(/%[0-9a-f]{2}|[^!-~]+|["<>`{}^]/gi, (piece) =>
    piece.startsWith('%') ? piece.toUpperCase() : encodeURIComponent(piece.toWellFormed()),
  );
}
