const localUrl =
  /\b(https?):\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\$\{?HOSTNAME\}?|\$HOST)(?::(\d{1,5}))?(\/[^\s"'|;&)]*)?/gi;

export interface LocalUrl {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  readonly path: string;
}

/** The addresses in a text that lead back to where it is used: `curl -f http://localhost:5000/health`. */
export function localUrls(text: string): readonly LocalUrl[] {
  return [...text.matchAll(localUrl)]
    .map(([, given = '', port, path = '/']): LocalUrl => {
      const scheme = given.toLowerCase() === 'https' ? 'https' : 'http';
      return { scheme, port: port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port), path };
    })
    .filter(({ port }) => port >= 1 && port <= 65_535);
}
