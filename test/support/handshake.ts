import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';

/** What a client sees of a server's TLS. */
export interface Handshake {
  /** Names of the certificate. */
  readonly names: string;
  /** Organisation of its issuer. */
  readonly issuer: string;
  readonly fingerprint: string;
  readonly alpn: string;
  readonly protocol: string;
  readonly cipher: string;
  /** How many certificates came, as far as the chain could be followed. */
  readonly serial: string;
}

/** Connects, looks, and closes. @throws what the server or the client objects to */
export function handshake(
  place: { readonly address: string; readonly httpsPort: number },
  servername: string | undefined,
  options: ConnectionOptions = {},
): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...{ host: place.address, port: place.httpsPort, rejectUnauthorized: false },
      ...(servername === undefined ? {} : { servername }),
      ...{ ALPNProtocols: ['h2', 'http/1.1'], ...options },
    });
    socket.setTimeout(10_000, () => socket.destroy(new Error('no handshake within 10 s')));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(seen(socket));
      socket.destroy();
    });
  });
}

function seen(socket: TLSSocket): Handshake {
  const certificate = socket.getPeerCertificate();
  return {
    names: certificate.subjectaltname ?? '',
    issuer: [certificate.issuer?.O].flat()[0] ?? '',
    fingerprint: certificate.fingerprint256,
    alpn: String(socket.alpnProtocol),
    protocol: String(socket.getProtocol()),
    cipher: socket.getCipher().name,
    serial: certificate.serialNumber,
  };
}
