interface Holder {
  /** 0 where the system does not tell: the process belongs to another user. */
  readonly pid: number;
  readonly name: string;
}

/** Who holds a port, in words. */
export const holderOf = {
  en: ({ pid, name }: Holder): string => (pid === 0 ? 'a process of another user' : `process ${pid} (${name})`),
  es: ({ pid, name }: Holder): string => (pid === 0 ? 'un proceso de otro usuario' : `el proceso ${pid} (${name})`),
};

/** How to look or to end it; `kill 0` would end the reader's own shell. */
export const waysToFree = {
  en: ({ pid }: Holder, port: number): string =>
    pid === 0 ? `see it as root (ss -ltnp sport = ${port})` : `stop it (kill ${pid})`,
  es: ({ pid }: Holder, port: number): string =>
    pid === 0 ? `véalo como root (ss -ltnp sport = ${port})` : `deténgalo (kill ${pid})`,
};
